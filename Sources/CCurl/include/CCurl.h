// What the server sends and fetches through libcurl, whose options are C varargs and macros that
// Swift does not import. Blocking: never on an event loop.

#ifndef CCURL_H
#define CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How a transfer ended.
struct ccurl_transfer {
    /// CURLcode; 0 is success.
    int32_t code;
    /// The last status of SMTP or HTTP, 0 before there was one.
    int64_t status;
    /// In words, NUL-terminated; empty after a success.
    char message[256];
};

/// One letter to one recipient. All texts are UTF-8 without CR and LF, or null.
struct ccurl_letter {
    /// smtp://host:port or smtps://host:port
    const char *url;
    const char *user;
    const char *password;
    /// PEM file of the authorities to believe instead of the system's.
    const char *authorities;
    const char *from;
    const char *to;
    /// Whether a connection that stays plain is refused (RFC 3207).
    bool requires_tls;
    int64_t timeout_ms;
};

/// Once per process, before anything else. Returns a CURLcode.
int32_t ccurl_start(void);

/// A handle keeps its connection for the next transfer. One thread at a time. Null: no memory.
void *ccurl_open(void);
void ccurl_close(void *handle);

/// Sends `length` bytes of a message of RFC 5322 with CRLF line ends.
struct ccurl_transfer ccurl_send(
    void *handle, const struct ccurl_letter *letter, const uint8_t *message, size_t length);

/// GET of a document into `body`; more than `body_max` bytes fail. No redirect is followed.
/// `cache_control` gets the field of that name, NUL-terminated, empty if there is none.
struct ccurl_transfer ccurl_get(
    void *handle, const char *url, const char *authorities, int64_t timeout_ms, uint8_t *body,
    size_t body_max, size_t *body_length, char *cache_control, size_t cache_control_max);

/// Whether a transfer failed because the server did not take user and password.
bool ccurl_is_login_denied(int32_t code);

#endif
