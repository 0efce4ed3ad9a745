#include "floor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct connection {
    int isOpen;
    /* The beginning of a request or a frame that was cut. */
    uint8_t *rest;
    size_t restBytes;
    /* What the kernel did not take. */
    uint8_t *unsent;
    size_t unsentBytes;
};

static struct connection *connections[connectionsMax];
static int highest = 0;
static int set;
/* A read with the rest of the one before, and what is sent for it. */
static uint8_t input[2 * readBufferBytes + frameHeadBytesMax];
static uint8_t output[2 * readBufferBytes + frameHeadBytesMax];

static int listenOn(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0) fail("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
    if (listen(fd, 4096) != 0) fail("listen");
    socklen_t length = sizeof address;
    getsockname(fd, (struct sockaddr *)&address, &length);
    printf("listening on ws://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void watch(int fd, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(set, operation, fd, &event) != 0) fail("epoll_ctl");
}

static void drop(int fd) {
    free(connections[fd]->rest);
    free(connections[fd]->unsent);
    free(connections[fd]);
    connections[fd] = NULL;
    close(fd);
}

/* Returns 0 when the connection is gone. */
static int sendAll(int fd, const uint8_t *bytes, size_t count) {
    struct connection *connection = connections[fd];
    ssize_t sent = 0;
    if (connection->unsentBytes == 0) {
        sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return 0;
        if (sent < 0) sent = 0;
    }
    size_t left = count - (size_t)sent;
    if (left == 0) return 1;
    connection->unsent = realloc(connection->unsent, connection->unsentBytes + left);
    if (!connection->unsent) fail("realloc");
    memcpy(connection->unsent + connection->unsentBytes, bytes + sent, left);
    connection->unsentBytes += left;
    watch(fd, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    return 1;
}

static int sendRest(int fd) {
    struct connection *connection = connections[fd];
    ssize_t sent = send(fd, connection->unsent, connection->unsentBytes, MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    connection->unsentBytes -= (size_t)sent;
    memmove(connection->unsent, connection->unsent + sent, connection->unsentBytes);
    if (connection->unsentBytes == 0) watch(fd, EPOLL_CTL_MOD, EPOLLIN);
    return 1;
}

/* Returns the bytes of the request; 0 when it is not whole, -1 when it is none. */
static ssize_t shakeHands(int fd, const uint8_t *bytes, size_t count) {
    const uint8_t *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (!end) return 0;
    static const char name[] = "Sec-WebSocket-Key: ";
    const uint8_t *key = memmem(bytes, count, name, sizeof name - 1);
    if (!key || end - key < (ssize_t)sizeof name + 23) return -1;
    char text[64];
    snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
        (const char *)key + sizeof name - 1);
    uint8_t digest[SHA_DIGEST_LENGTH];
    char accept[32], answer[256];
    SHA1((const uint8_t *)text, strlen(text), digest);
    EVP_EncodeBlock((uint8_t *)accept, digest, sizeof digest);
    int length = snprintf(answer, sizeof answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
    connections[fd]->isOpen = 1;
    if (!sendAll(fd, (const uint8_t *)answer, (size_t)length)) return -1;
    return end - bytes + 4;
}

/* Returns the bytes of one frame, and its answer behind `*out`; 0 when it is not whole. */
static ssize_t answerFrame(uint8_t *bytes, size_t count, uint8_t **out) {
    if (count < 6) return 0;
    size_t length = bytes[1] & 0x7F, head = 2;
    if (!(bytes[1] & 0x80) || length == 127 || (bytes[0] & 0x0F) == 8) return -1;
    if (length == 126) {
        length = (size_t)bytes[2] << 8 | bytes[3];
        head = 4;
    }
    if (length > payloadBytesMax) return -1;
    if (count < head + 4 + length) return 0;
    uint8_t *at = *out;
    *at++ = bytes[0];
    *at++ = (uint8_t)(head == 2 ? length : 126);
    if (head == 4) {
        *at++ = bytes[2];
        *at++ = bytes[3];
    }
    uint32_t key;
    memcpy(&key, bytes + head, 4);
    uint64_t wide = (uint64_t)key << 32 | key;
    const uint8_t *payload = bytes + head + 4;
    size_t index = 0;
    for (; index + 8 <= length; index += 8) {
        uint64_t word;
        memcpy(&word, payload + index, 8);
        word ^= wide;
        memcpy(at + index, &word, 8);
    }
    for (; index < length; index++)
        at[index] = payload[index] ^ bytes[head + (index & 3)];
    *out = at + length;
    return (ssize_t)(head + 4 + length);
}

/* Returns 0 when the connection is gone. */
static int receive(int fd, int broadcasts) {
    struct connection *connection = connections[fd];
    size_t count = connection->restBytes;
    memcpy(input, connection->rest, count);
    ssize_t got = recv(fd, input + count, readBufferBytes, 0);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    count += (size_t)got;
    size_t taken = 0;
    uint8_t *out = output;
    while (taken < count) {
        ssize_t step = connection->isOpen ? answerFrame(input + taken, count - taken, &out)
                                          : shakeHands(fd, input + taken, count - taken);
        if (step < 0) return 0;
        if (step == 0) break;
        taken += (size_t)step;
    }
    connection->restBytes = count - taken;
    if (connection->restBytes > readBufferBytes) return 0;
    if (connection->restBytes > 0) {
        connection->rest = realloc(connection->rest, connection->restBytes);
        if (!connection->rest) fail("realloc");
        memcpy(connection->rest, input + taken, connection->restBytes);
    }
    if (out == output) return 1;
    if (!broadcasts) return sendAll(fd, output, (size_t)(out - output));
    for (int other = 0; other <= highest; other++) {
        if (other == fd || !connections[other] || !connections[other]->isOpen) continue;
        if (!sendAll(other, output, (size_t)(out - output))) drop(other);
    }
    return 1;
}

static void acceptAll(int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (fd >= connectionsMax) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections[fd] = calloc(1, sizeof *connections[fd]);
        if (!connections[fd]) fail("calloc");
        if (fd > highest) highest = fd;
        watch(fd, EPOLL_CTL_ADD, EPOLLIN);
    }
}

int serve(uint16_t port, int broadcasts) {
    raiseDescriptorLimit();
    set = epoll_create1(EPOLL_CLOEXEC);
    int listener = listenOn(port);
    watch(listener, EPOLL_CTL_ADD, EPOLLIN);
    struct epoll_event events[eventsMax];
    for (;;) {
        int count = epoll_wait(set, events, eventsMax, -1);
        if (count < 0 && errno != EINTR) fail("epoll_wait");
        for (int index = 0; index < count; index++) {
            int fd = events[index].data.fd;
            if (fd == listener) {
                acceptAll(listener);
                continue;
            }
            if (!connections[fd]) continue;
            int isAlive = 1;
            if (events[index].events & EPOLLOUT) isAlive = sendRest(fd);
            if (isAlive && events[index].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
                isAlive = receive(fd, broadcasts);
            if (!isAlive) drop(fd);
        }
    }
}

int hold(uint16_t port, const char *certificate, const char *key) {
    raiseDescriptorLimit();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1
        || SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        fail(certificate);
    int listener = listenOn(port);
    set = epoll_create1(EPOLL_CLOEXEC);
    watch(listener, EPOLL_CTL_ADD, EPOLLIN);
    static SSL *sessions[connectionsMax];
    struct epoll_event events[eventsMax];
    for (;;) {
        int count = epoll_wait(set, events, eventsMax, -1);
        for (int index = 0; index < count; index++) {
            int fd = events[index].data.fd, one;
            if (fd == listener) {
                while ((one = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
                    sessions[one] = SSL_new(context);
                    SSL_set_fd(sessions[one], one);
                    SSL_set_accept_state(sessions[one]);
                    watch(one, EPOLL_CTL_ADD, EPOLLIN);
                }
                continue;
            }
            char request[4096];
            int got = SSL_read(sessions[fd], request, sizeof request);
            if (got > 0) {
                /* Enough for the load, which asks for nothing else. */
                static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
                SSL_write(sessions[fd], answer, sizeof answer - 1);
            } else if (SSL_get_error(sessions[fd], got) != SSL_ERROR_WANT_READ) {
                SSL_free(sessions[fd]);
                close(fd);
            }
        }
    }
}
