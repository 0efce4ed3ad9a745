#ifndef CLINUX_H
#define CLINUX_H
// Glibc's Swift overlay leaves these headers out; importing them here is all this target does.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

// accept4 needs _GNU_SOURCE before the first header, which a Swift import cannot give.
int clinux_accept4(int listener, void *address, unsigned int *length);

// struct ucred needs it, too. The effective user of who connected to a Unix socket; -1 on failure.
int clinux_peer_user(int socket, unsigned int *user);
#endif
