#ifndef CLINUX_H
#define CLINUX_H
// Glibc's Swift overlay leaves these headers out; importing them here is all this target does.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

// accept4 needs _GNU_SOURCE before the first header, which a Swift import cannot give.
int clinux_accept4(int listener, void *address, unsigned int *length);
#endif
