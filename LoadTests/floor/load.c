#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char request[512];
static size_t requestBytes;

/* The port stands in Host: a server may look at it. */
static void makeRequest(uint16_t port) {
    requestBytes = (size_t)snprintf(request, sizeof request,
        "GET /v1/socket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: salsanor.v1.json\r\n\r\n", port);
}

static void expect101(const char *answer, size_t count) {
    if (count < 12 || memcmp(answer, "HTTP/1.1 101", 12) != 0) {
        fprintf(stderr, "the handshake was refused: %.*s\n", (int)count, answer);
        exit(1);
    }
}

static int askToOpen(uint16_t port) {
    int fd = connectTo(port);
    if (send(fd, request, requestBytes, MSG_NOSIGNAL) < 0) fail("send");
    return fd;
}

/* Reads to the end of the head and not a byte further: frames may follow. */
static void awaitOpen(int fd) {
    char answer[4096];
    ssize_t seen = recv(fd, answer, sizeof answer, MSG_PEEK);
    if (seen <= 0) fail("handshake");
    const char *end = memmem(answer, (size_t)seen, "\r\n\r\n", 4);
    if (!end) {
        fprintf(stderr, "the answer to the handshake is too long or was cut\n");
        exit(1);
    }
    if (recv(fd, answer, (size_t)(end - answer) + 4, 0) <= 0) fail("handshake");
    expect101(answer, (size_t)(end - answer));
}

static int openSocket(uint16_t port) {
    int fd = askToOpen(port);
    awaitOpen(fd);
    return fd;
}

static void makePayload(uint8_t *payload, int bytes) {
    for (int index = 0; index < bytes; index++) payload[index] = (uint8_t)('a' + index % 26);
}

int load(uint16_t port, int connections, int bytes, int depth, double seconds) {
    raiseDescriptorLimit();
    makeRequest(port);
    uint8_t payload[payloadBytesMax], frame[payloadBytesMax + frameHeadBytesMax];
    makePayload(payload, bytes);
    size_t frameBytes = putFrame(frame, payload, (size_t)bytes, 1);
    /* As many as may be owed at one time, end to end, to be sent in one call. */
    uint8_t *frames = malloc(frameBytes * (size_t)depth);
    for (int index = 0; index < depth; index++)
        memcpy(frames + (size_t)index * frameBytes, frame, frameBytes);
    size_t echoBytes = putFrame(frame, payload, (size_t)bytes, 0);
    /* An echo at any phase: a read begins within one. */
    size_t patternBytes = readBufferBytes + echoBytes;
    uint8_t *pattern = malloc(patternBytes), *input = malloc(readBufferBytes);
    for (size_t index = 0; index < patternBytes; index++) pattern[index] = frame[index % echoBytes];

    struct state { size_t phase; };
    struct state *states = calloc(connectionsMax, sizeof *states);
    int set = epoll_create1(EPOLL_CLOEXEC);
    int *all = malloc(sizeof *all * (size_t)connections);
    for (int index = 0; index < connections; index++) {
        all[index] = openSocket(port);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = all[index]};
        epoll_ctl(set, EPOLL_CTL_ADD, all[index], &event);
    }
    /* The first messages, blocking: what is in flight fits the kernel's buffers. */
    double start = now(), end = start + seconds;
    for (int index = 0; index < connections; index++)
        if (send(all[index], frames, frameBytes * (size_t)depth, MSG_NOSIGNAL) < 0) fail("send");
    size_t messages = 0, inFlight = (size_t)connections * (size_t)depth;
    struct epoll_event events[eventsMax];
    while (inFlight > 0) {
        int count = epoll_wait(set, events, eventsMax, 5000);
        if (count == 0) {
            fprintf(stderr, "%zu echoes did not come within 5 s\n", inFlight);
            return 1;
        }
        int isOver = now() >= end;
        for (int index = 0; index < count; index++) {
            int fd = events[index].data.fd;
            ssize_t got = recv(fd, input, readBufferBytes, MSG_DONTWAIT);
            if (got < 0 && errno == EAGAIN) continue;
            if (got <= 0) fail("the server closed");
            if (memcmp(input, pattern + states[fd].phase, (size_t)got) != 0) {
                fprintf(stderr, "an echo differs\n");
                return 1;
            }
            size_t whole = (states[fd].phase + (size_t)got) / echoBytes;
            states[fd].phase = (states[fd].phase + (size_t)got) % echoBytes;
            messages += whole;
            inFlight -= whole;
            if (whole > 0 && !isOver) {
                if (send(fd, frames, whole * frameBytes, MSG_NOSIGNAL) < 0) fail("send");
                inFlight += whole;
            }
        }
    }
    printf("messages %zu seconds %.6f\n", messages, now() - start);
    return 0;
}

static SSL *openTLS(SSL_CTX *context, uint16_t port) {
    SSL *session = SSL_new(context);
    SSL_set_fd(session, connectTo(port));
    if (SSL_connect(session) != 1) fail("TLS handshake");
    SSL_write(session, request, (int)requestBytes);
    char answer[4096];
    int count = SSL_read(session, answer, sizeof answer);
    expect101(answer, count > 0 ? (size_t)count : 0);
    return session;
}

/* What a guest sends to `salsanor serve` before its time for a session is over. */
static const char session[] =
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.open\",\"params\":{}}";

int idle(uint16_t port, int connections, int tls, int opensSessions) {
    raiseDescriptorLimit();
    makeRequest(port);
    uint8_t opening[sizeof session + frameHeadBytesMax];
    size_t openingBytes = putFrame(opening, (const uint8_t *)session, sizeof session - 1, 1);
    opening[0] = 0x81; /* text */
    /* Loopback only, and nothing secret: the certificate is not verified. */
    SSL_CTX *context = tls ? SSL_CTX_new(TLS_client_method()) : NULL;
    if (context) SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    double start = now();
    for (int opened = 0; opened < connections;) {
        if (tls) {
            openTLS(context, port);
            opened++;
            continue;
        }
        /* Several at a time: the server shall not wait for us. */
        int some = connections - opened < openingMax ? connections - opened : openingMax;
        int fds[openingMax];
        for (int index = 0; index < some; index++) fds[index] = askToOpen(port);
        for (int index = 0; index < some; index++) {
            awaitOpen(fds[index]);
            if (opensSessions && send(fds[index], opening, openingBytes, MSG_NOSIGNAL) < 0)
                fail("send");
        }
        opened += some;
    }
    printf("opened %d seconds %.6f\n", connections, now() - start);
    fflush(stdout);
    for (;;) pause();
}

int fan(uint16_t port, int connections, int bytes, int messages, int paceMs) {
    raiseDescriptorLimit();
    makeRequest(port);
    uint8_t payload[payloadBytesMax], frame[payloadBytesMax + frameHeadBytesMax];
    makePayload(payload, bytes);
    size_t frameBytes = putFrame(frame, payload, (size_t)bytes, 1);
    size_t echoBytes = frameBytes - 4;
    int set = epoll_create1(EPOLL_CLOEXEC), sender = openSocket(port);
    for (int index = 1; index < connections; index++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = openSocket(port)};
        epoll_ctl(set, EPOLL_CTL_ADD, event.data.fd, &event);
    }
    struct epoll_event events[eventsMax];
    uint8_t *input = malloc(readBufferBytes);
    double start = now();
    printf("opened %d seconds 0\n", connections);
    fflush(stdout);
    for (int message = 0; message < messages; message++) {
        /* What comes seldom finds cold caches and sleeping threads, as the other server's does. */
        if (paceMs > 0) usleep((useconds_t)paceMs * 1000);
        if (send(sender, frame, frameBytes, MSG_NOSIGNAL) < 0) fail("send");
        size_t left = echoBytes * (size_t)(connections - 1);
        while (left > 0) {
            int count = epoll_wait(set, events, eventsMax, 5000);
            if (count <= 0) fail("a message did not come within 5 s");
            for (int index = 0; index < count; index++) {
                ssize_t got = recv(events[index].data.fd, input, readBufferBytes, 0);
                if (got <= 0) fail("the server closed");
                left -= (size_t)got;
            }
        }
    }
    printf("messages %d seconds %.6f\n", messages * (connections - 1), now() - start);
    return 0;
}
