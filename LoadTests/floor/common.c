#include "floor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void fail(const char *what) {
    perror(what);
    exit(1);
}

int connectTo(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0) fail("socket");
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

size_t putFrame(uint8_t *out, const uint8_t *payload, size_t bytes, int masked) {
    size_t at = 0;
    uint8_t bit = masked ? 0x80 : 0;
    out[at++] = 0x82;
    if (bytes < 126) {
        out[at++] = bit | (uint8_t)bytes;
    } else {
        out[at++] = bit | 126;
        out[at++] = (uint8_t)(bytes >> 8);
        out[at++] = (uint8_t)bytes;
    }
    static const uint8_t key[4] = {0x37, 0xFA, 0x21, 0x3D};
    if (masked) {
        memcpy(out + at, key, 4);
        at += 4;
    }
    for (size_t index = 0; index < bytes; index++)
        out[at + index] = payload[index] ^ (masked ? key[index & 3] : 0);
    return at + bytes;
}

void raiseDescriptorLimit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) fail("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}
