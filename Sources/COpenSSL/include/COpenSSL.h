#ifndef COPENSSL_H
#define COPENSSL_H
// OpenSSL for Swift: its headers, its macros as functions, and a transport whose input is lent for
// one call and whose output never refuses, so that SSL_read and SSL_write never wait for a kernel.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// What every context of this project has: TLS 1.2 and 1.3, no renegotiation, no compression,
// forward secrecy and AEAD only, ALPN http/1.1. Null when memory ran out.
SSL_CTX *copenssl_context(int is_server);

// Serves, of the `count` contexts (the first is asked), the one whose certificate has the name that
// the client sent (RFC 6066 §3), else the first. 0 when memory ran out.
int copenssl_choose_by_name(SSL_CTX *const *contexts, size_t count);

// A connection over `descriptor`, which stays its owner's. It fails when more than `unsent_max`
// encrypted bytes wait for the kernel, or after more than `control_records_max` records that came
// after the handshake without data. Null when memory ran out.
SSL *copenssl_session(
    SSL_CTX *context, int descriptor, size_t unsent_max, size_t control_records_max);
// Sends the name and verifies the certificate against it; a numeric address is only verified.
int copenssl_expect_name(SSL *session, const char *name);

// Both clear the error queue first and return what SSL_get_error says. `input` is what came from
// the kernel; `consumed` says how much of it was taken, and bytes that wait stay the caller's.
int copenssl_read(
    SSL *session, const void *input, size_t input_length, size_t *consumed,
    void *target, size_t capacity, size_t *count);
int copenssl_write(SSL *session, const void *source, size_t length, size_t *count);
// Adds a close_notify to the output.
void copenssl_finish(SSL *session);
// Sends what waits: 0 when all is sent, else the errno (EAGAIN: more waits).
int copenssl_flush(SSL *session);
size_t copenssl_unsent(SSL *session);
// Records without data that have come since the handshake.
size_t copenssl_control_records(SSL *session);

// After a handshake that failed on the peer's certificate: an X509_V_ERR code, else X509_V_OK.
long copenssl_verify_result(SSL *session);
#endif
