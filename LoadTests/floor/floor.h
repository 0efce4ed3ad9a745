/* The floor: the same system calls as a WebSocket server and its load need, in C, and nothing else.
   What it reaches is what this machine allows; the servers are judged by their ratio to it. */
#ifndef FLOOR_H
#define FLOOR_H

#include <stddef.h>
#include <stdint.h>

enum {
    connectionsMax = 65536,
    readBufferBytes = 65536,
    /* Of one message; larger ones are not what the floor is for. */
    payloadBytesMax = 60000,
    frameHeadBytesMax = 14,
    eventsMax = 256,
    /* Handshakes under way at one time, fewer than any backlog. */
    openingMax = 64,
};

/* Echoes, or sends each message to everybody else, until it is ended. */
int serve(uint16_t port, int broadcasts);
/* Accepts TLS connections and holds them: what OpenSSL itself needs. */
int hold(uint16_t port, const char *certificate, const char *key);
/* Sends `depth` messages on each of `connections`, and a new one for each that comes back. */
int load(uint16_t port, int connections, int bytes, int depth, double seconds);
/* Opens connections, with a guest's session on each if asked, and holds them until it is ended. */
int idle(uint16_t port, int connections, int tls, int opensSessions);
/* One sends `messages` messages one after the other, all the others receive each; the next leaves
   `paceMs` after all have the last. */
int fan(uint16_t port, int connections, int bytes, int messages, int paceMs);

/* Shared by both sides. */
double now(void);
void fail(const char *what) __attribute__((noreturn));
int connectTo(uint16_t port);
/* Puts a frame with `bytes` of payload at `out`; masked for a client. Returns its length. */
size_t putFrame(uint8_t *out, const uint8_t *payload, size_t bytes, int masked);
/* The number of descriptors that one run needs. */
void raiseDescriptorLimit(void);

#endif
