#include "COpenSSL.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// --- The transport -----------------------------------------------------------------------------

typedef struct {
    const unsigned char *input;  // lent for one call
    size_t input_length;
    unsigned char *output;  // null while nothing waits
    size_t output_start, output_end, output_capacity, output_max;
    int descriptor;
    size_t control_records, control_records_max;
} io_state;

static int io_read(BIO *bio, char *target, int capacity) {
    io_state *io = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    // OpenSSL goes on from one record without data to the next by itself: here it ends.
    if (io->control_records > io->control_records_max) return -1;
    if (io->input_length == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t count = (size_t)capacity < io->input_length ? (size_t)capacity : io->input_length;
    memcpy(target, io->input, count);
    io->input += count;
    io->input_length -= count;
    return (int)count;
}

static int io_write(BIO *bio, const char *source, int length) {
    io_state *io = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    size_t end = io->output_end + (size_t)length;
    if (end - io->output_start > io->output_max) return -1;
    if (end > io->output_capacity && io->output_start > 0) {
        // What is sent makes room first: a queue that is never empty must not grow for ever.
        io->output_end -= io->output_start;
        memmove(io->output, io->output + io->output_start, io->output_end);
        io->output_start = 0;
        end = io->output_end + (size_t)length;
    }
    if (end > io->output_capacity) {
        // Exact for one record; several grow by doubling.
        size_t capacity = io->output_capacity == 0 ? end : 2 * end;
        unsigned char *output = realloc(io->output, capacity);
        if (output == NULL) return -1;
        io->output = output;
        io->output_capacity = capacity;
    }
    memcpy(io->output + io->output_end, source, (size_t)length);
    io->output_end = end;
    return length;
}

static long io_control(BIO *bio, int command, long number, void *pointer) {
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP ? 1 : 0;
}

static int io_destroy(BIO *bio) {
    io_state *io = BIO_get_data(bio);
    if (io != NULL) free(io->output);
    free(io);
    BIO_set_data(bio, NULL);
    return 1;
}

// --- What exists once --------------------------------------------------------------------------

static pthread_once_t once = PTHREAD_ONCE_INIT;
static BIO_METHOD *io_method;
static int names_index = -1;

typedef struct {
    size_t count;
    SSL_CTX *contexts[];
} named_contexts;

static void names_free(
    void *parent, void *pointer, CRYPTO_EX_DATA *data, int index, long number, void *argument) {
    (void)parent, (void)data, (void)index, (void)number, (void)argument;
    named_contexts *names = pointer;
    if (names == NULL) return;
    for (size_t i = 0; i < names->count; i++) SSL_CTX_free(names->contexts[i]);
    free(names);
}

static void initialise(void) {
    io_method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "lent input");
    if (io_method != NULL) {
        BIO_meth_set_read(io_method, io_read);
        BIO_meth_set_write(io_method, io_write);
        BIO_meth_set_ctrl(io_method, io_control);
        BIO_meth_set_destroy(io_method, io_destroy);
    }
    names_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, names_free);
}

// --- Contexts ----------------------------------------------------------------------------------

static const unsigned char http11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

static int choose_protocol(
    SSL *session, const unsigned char **chosen, unsigned char *length,
    const unsigned char *offered, unsigned int offered_length, void *argument) {
    (void)session, (void)argument;
    int found = SSL_select_next_proto(
        (unsigned char **)chosen, length, http11, sizeof http11, offered, offered_length);
    // RFC 7301 §3.2: no_application_protocol.
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// A key file that asks for a passphrase must not stop the program at the terminal.
static int no_passphrase(char *buffer, int size, int writing, void *argument) {
    (void)buffer, (void)size, (void)writing, (void)argument;
    return -1;
}

SSL_CTX *copenssl_context(int is_server) {
    pthread_once(&once, initialise);
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method());
    if (context == NULL) return NULL;
    SSL_CTX_set_options(
        context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE
            | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 0);
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    // Tickets carry the sessions; a server keeps none. One ticket for each connection: a client
    // comes back on one.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 1);
    int ok = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)
        && SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION)
        && SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    if (is_server) {
        SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    } else {
        ok = ok && SSL_CTX_set_alpn_protos(context, http11, sizeof http11) == 0;
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    }
    if (ok) return context;
    SSL_CTX_free(context);
    return NULL;
}

static int choose_certificate(SSL *session, int *alert, void *argument) {
    (void)alert;
    named_contexts *names = SSL_CTX_get_ex_data(argument, names_index);
    const char *name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
    if (names == NULL || name == NULL) return SSL_TLSEXT_ERR_NOACK;
    if (X509_check_host(SSL_CTX_get0_certificate(argument), name, 0, 0, NULL) == 1)
        return SSL_TLSEXT_ERR_OK;
    for (size_t i = 0; i < names->count; i++) {
        X509 *certificate = SSL_CTX_get0_certificate(names->contexts[i]);
        if (X509_check_host(certificate, name, 0, 0, NULL) != 1) continue;
        SSL_set_SSL_CTX(session, names->contexts[i]);
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

int copenssl_choose_by_name(SSL_CTX *const *contexts, size_t count) {
    if (count < 2) return 1;
    named_contexts *names = malloc(sizeof *names + (count - 1) * sizeof(SSL_CTX *));
    if (names == NULL) return 0;
    names->count = 0;
    // The first one holds the others, so an open handshake keeps all of them.
    if (!SSL_CTX_set_ex_data(contexts[0], names_index, names)) {
        free(names);
        return 0;
    }
    for (size_t i = 1; i < count; i++) {
        SSL_CTX_up_ref(contexts[i]);
        names->contexts[names->count++] = contexts[i];
    }
    SSL_CTX_set_tlsext_servername_callback(contexts[0], choose_certificate);
    SSL_CTX_set_tlsext_servername_arg(contexts[0], contexts[0]);
    return 1;
}

// --- Sessions ----------------------------------------------------------------------------------

// Called for each record, and with TLS 1.3 for the type that stands encrypted inside it.
static void count_record(
    int is_written, int version, int kind, const void *bytes, size_t length, SSL *session,
    void *argument) {
    (void)version;
    if (is_written || (kind != SSL3_RT_HEADER && kind != SSL3_RT_INNER_CONTENT_TYPE)) return;
    if (length == 0 || !SSL_is_init_finished(session)) return;
    io_state *io = argument;
    if (*(const unsigned char *)bytes != SSL3_RT_APPLICATION_DATA) io->control_records++;
}

SSL *copenssl_session(
    SSL_CTX *context, int descriptor, size_t unsent_max, size_t control_records_max) {
    ERR_clear_error();
    SSL *session = SSL_new(context);
    BIO *bio = BIO_new(io_method);
    io_state *io = calloc(1, sizeof *io);
    if (session == NULL || bio == NULL || io == NULL) {
        SSL_free(session);
        BIO_free(bio);
        free(io);
        return NULL;
    }
    io->descriptor = descriptor;
    io->output_max = unsent_max;
    io->control_records_max = control_records_max;
    SSL_set_msg_callback(session, count_record);
    SSL_set_msg_callback_arg(session, io);
    BIO_set_data(bio, io);
    BIO_set_init(bio, 1);
    SSL_set_bio(session, bio, bio);
    if (SSL_is_server(session))
        SSL_set_accept_state(session);
    else
        SSL_set_connect_state(session);
    return session;
}

int copenssl_expect_name(SSL *session, const char *name) {
    unsigned char address[16];
    X509_VERIFY_PARAM *parameters = SSL_get0_param(session);
    if (inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1)
        return X509_VERIFY_PARAM_set1_ip_asc(parameters, name);
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set_tlsext_host_name(session, name) && SSL_set1_host(session, name);
}

static io_state *io_of(SSL *session) { return BIO_get_data(SSL_get_rbio(session)); }

int copenssl_read(
    SSL *session, const void *input, size_t input_length, size_t *consumed,
    void *target, size_t capacity, size_t *count) {
    io_state *io = io_of(session);
    io->input = input;
    io->input_length = input_length;
    *count = 0;
    ERR_clear_error();
    int status = SSL_read_ex(session, target, capacity, count);
    int error = status == 1 ? SSL_ERROR_NONE : SSL_get_error(session, status);
    *consumed = input_length - io->input_length;
    io->input = NULL;
    io->input_length = 0;
    return error;
}

int copenssl_write(SSL *session, const void *source, size_t length, size_t *count) {
    *count = 0;
    ERR_clear_error();
    int status = SSL_write_ex(session, source, length, count);
    return status == 1 ? SSL_ERROR_NONE : SSL_get_error(session, status);
}

void copenssl_finish(SSL *session) {
    ERR_clear_error();
    if (!SSL_in_init(session)) SSL_shutdown(session);
    ERR_clear_error();
}

int copenssl_flush(SSL *session) {
    io_state *io = io_of(session);
    while (io->output_start < io->output_end) {
        // MSG_NOSIGNAL: a peer that is gone is an error here, not a SIGPIPE.
        ssize_t count = send(
            io->descriptor, io->output + io->output_start, io->output_end - io->output_start,
            MSG_NOSIGNAL);
        if (count < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        io->output_start += (size_t)count;
    }
    free(io->output);
    io->output = NULL;
    io->output_start = io->output_end = io->output_capacity = 0;
    return 0;
}

size_t copenssl_unsent(SSL *session) {
    io_state *io = io_of(session);
    return io->output_end - io->output_start;
}

size_t copenssl_control_records(SSL *session) { return io_of(session)->control_records; }

long copenssl_verify_result(SSL *session) {
    return SSL_get_verify_result(session);
}
