#ifndef CLINUX_H
#define CLINUX_H
// Glibc's Swift overlay leaves these headers out; importing them here is all this target does.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <stddef.h>

// accept4 needs _GNU_SOURCE before the first header, which a Swift import cannot give.
int clinux_accept4(int listener, void *address, unsigned int *length);

// The three calls that each message makes, without the cancellation points of pthreads around them:
// in a process with several threads glibc's own cost two atomic exchanges each.
long clinux_recv(int socket, void *buffer, size_t count);
// With MSG_NOSIGNAL.
long clinux_send(int socket, const void *bytes, size_t count);
int clinux_epoll_wait(int set, struct epoll_event *events, int count, int timeoutMs);
// struct ucred needs it, too. The effective user of who connected to a Unix socket; -1 on failure.
int clinux_peer_user(int socket, unsigned int *user);
#endif
