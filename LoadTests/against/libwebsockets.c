/* An echo server around libwebsockets, to be measured beside `salsanor echo`:
 *
 *     cc -O2 LoadTests/against/libwebsockets.c -lwebsockets -o /tmp/libwebsockets-echo
 *     salsanor-load echo --against /tmp/libwebsockets-echo
 *
 * One thread, no extensions. */
#include <libwebsockets.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One message that waits for its turn to be written. */
struct message {
    struct message *next;
    size_t bytes;
    enum lws_write_protocol kind;
    unsigned char payload[];
};

struct session {
    struct message *first, **end;
    /* What has come of the message that is not whole. */
    struct message *partial;
};

static int echo(struct lws *socket, enum lws_callback_reasons reason, void *user, void *in,
    size_t bytes) {
    struct session *session = user;
    struct message *message;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        session->first = NULL;
        session->end = &session->first;
        session->partial = NULL;
        return 0;
    case LWS_CALLBACK_RECEIVE:
        message = session->partial;
        size_t before = message ? message->bytes : 0;
        message = realloc(message, sizeof *message + LWS_PRE + before + bytes);
        if (!message) return -1;
        message->next = NULL;
        message->bytes = before + bytes;
        message->kind = lws_frame_is_binary(socket) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;
        memcpy(message->payload + LWS_PRE + before, in, bytes);
        session->partial = lws_is_final_fragment(socket) ? NULL : message;
        if (session->partial) return 0;
        *session->end = message;
        session->end = &message->next;
        lws_callback_on_writable(socket);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        message = session->first;
        if (!message) return 0;
        session->first = message->next;
        if (!session->first) session->end = &session->first;
        int written = lws_write(
            socket, message->payload + LWS_PRE, message->bytes, message->kind);
        free(message);
        if (session->first) lws_callback_on_writable(socket);
        return written < 0 ? -1 : 0;
    case LWS_CALLBACK_CLOSED:
        free(session->partial);
        while ((message = session->first)) {
            session->first = message->next;
            free(message);
        }
        return 0;
    default: return 0;
    }
}

int main(void) {
    static const struct lws_protocols protocols[] = {
        /* What the load asks for; libwebsockets refuses who asks for another. */
        {.name = "salsanor.v1.json", .callback = echo, .per_session_data_size = sizeof(struct session),
            .rx_buffer_size = 65536},
        {0}};
    struct lws_context_creation_info info = {0};
    info.port = 0;
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_IPV6;
    lws_set_log_level(LLL_ERR, NULL);
    /* Whatever happens to who started it, it ends by itself. */
    alarm(900);
    struct lws_context *context = lws_create_context(&info);
    struct lws_vhost *host = context ? lws_create_vhost(context, &info) : NULL;
    if (!host) return 1;
    printf("listening on ws://127.0.0.1:%d\n", lws_get_vhost_listen_port(host));
    fflush(stdout);
    while (lws_service(context, 0) >= 0) continue;
    return 0;
}
