// A client made with libwebsockets: sends messages to an echo and checks what comes back.
//
//     lws_client PORT CA_FILE|- deflate|plain
//
// Prints PASS and ends with 0, or says what went wrong and ends with 1.
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Compressed: only what the server compresses too. A libwebsockets client that has agreed on
// permessage-deflate is given a message twice that comes uncompressed (RFC 7692 §6 allows it;
// warmcat/libwebsockets issue 2794).
static const size_t plain_lengths[] = {0, 1, 125, 126, 127, 65535, 65536, (1 << 20) + 1};
static const size_t deflate_lengths[] = {256, 257, 1000, 4096, 65535, 65536, 70000, (1 << 20) + 1};
enum { length_count = 8, round_count = 2 * length_count };

static const size_t *lengths = plain_lengths;

static unsigned char *message;
static unsigned char *sent;  // LWS_PRE bytes, then the message, which is masked in place
static unsigned char *received;
static size_t sent_bytes, received_bytes;
static int round_index, has_to_send, wants_deflate, got_deflate, has_passed, has_ended;

static int fail(const char *why) {
    printf("message %d: %s\n", round_index, why);
    has_ended = 1;
    return -1;
}

// Even rounds are text, odd ones binary: bytes that do not compress, unless they are to.
static void prepare(void) {
    unsigned int seed = 1u + (unsigned int)round_index;
    sent_bytes = lengths[round_index / 2];
    received_bytes = 0;
    has_to_send = 1;
    for (size_t i = 0; i < sent_bytes; i++) {
        seed = seed * 1664525u + 1013904223u;
        int is_random = round_index % 2 && !wants_deflate;
        message[i] = (unsigned char)(is_random ? seed >> 24 : (unsigned int)"guaguanco "[i % 10]);
    }
}

static int callback(struct lws *socket, enum lws_callback_reasons reason, void *user, void *in,
                    size_t length) {
    (void)user;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        return fail(in ? (const char *)in : "no connection");
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        if (got_deflate != wants_deflate) return fail("permessage-deflate is not as wanted");
        prepare();
        lws_callback_on_writable(socket);
        return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE: {
        if (round_index == round_count) {
            lws_close_reason(socket, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
            return -1;
        }
        // The library also calls for reasons of its own.
        if (!has_to_send) return 0;
        has_to_send = 0;
        memcpy(sent + LWS_PRE, message, sent_bytes);
        enum lws_write_protocol kind = round_index % 2 ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;
        if (lws_write(socket, sent + LWS_PRE, sent_bytes, kind) < (int)sent_bytes)
            return fail("not written");
        return 0;
    }
    case LWS_CALLBACK_CLIENT_RECEIVE:
        if (received_bytes + length > sent_bytes) return fail("too much comes back");
        if (length) memcpy(received + received_bytes, in, length);
        received_bytes += length;
        if (lws_remaining_packet_payload(socket) || !lws_is_final_fragment(socket)) return 0;
        if (lws_frame_is_binary(socket) != round_index % 2) return fail("another type");
        if (received_bytes != sent_bytes) return fail("another length");
        if (memcmp(received, message, sent_bytes)) return fail("other bytes");
        if (++round_index < round_count) prepare();
        lws_callback_on_writable(socket);
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        has_passed = round_index == round_count;
        if (!has_passed && !has_ended) fail("closed by the server");
        has_ended = 1;
        return 0;
    default:
        return 0;
    }
}

// Told by libwebsockets when the server has accepted the extension.
static int deflate_callback(struct lws_context *context, const struct lws_extension *extension,
                            struct lws *socket, enum lws_extension_callback_reasons reason,
                            void *user, void *in, size_t length) {
    if (reason == LWS_EXT_CB_CLIENT_CONSTRUCT) got_deflate = 1;
    return lws_extension_callback_pm_deflate(context, extension, socket, reason, user, in, length);
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    static const struct lws_protocols protocols[] = {{"echo", callback, 0, 65536, 0, NULL, 0},
                                                     {NULL, NULL, 0, 0, 0, NULL, 0}};
    static const struct lws_extension extensions[] = {
        {"permessage-deflate", deflate_callback,
         "permessage-deflate; client_no_context_takeover; client_max_window_bits"},
        {NULL, NULL, NULL}};
    int is_secure = strcmp(arguments[2], "-") != 0;
    wants_deflate = strcmp(arguments[3], "deflate") == 0;
    if (wants_deflate) lengths = deflate_lengths;
    message = malloc(lengths[length_count - 1]);
    sent = malloc(LWS_PRE + lengths[length_count - 1]);
    received = malloc(lengths[length_count - 1]);
    if (!message || !sent || !received) return 2;

    lws_set_log_level(LLL_ERR | LLL_WARN, NULL);
    struct lws_context_creation_info creation = {0};
    creation.port = CONTEXT_PORT_NO_LISTEN;
    creation.protocols = protocols;
    if (wants_deflate) creation.extensions = extensions;
    if (is_secure) {
        creation.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        creation.client_ssl_ca_filepath = arguments[2];
    }
    struct lws_context *context = lws_create_context(&creation);
    if (!context) return 2;

    struct lws_client_connect_info connection = {0};
    connection.context = context;
    connection.address = "localhost";
    connection.port = atoi(arguments[1]);
    connection.path = "/from/libwebsockets";
    connection.host = connection.address;
    connection.ssl_connection = is_secure ? LCCSCF_USE_SSL : 0;
    connection.local_protocol_name = "echo";
    if (!lws_client_connect_via_info(&connection) && !has_ended) fail("no connection");
    while (!has_ended && lws_service(context, 0) >= 0) {}
    lws_context_destroy(context);
    if (has_passed) puts("PASS");
    return has_passed ? 0 : 1;
}
