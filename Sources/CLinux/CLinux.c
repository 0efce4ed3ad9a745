#define _GNU_SOURCE
#include <sys/socket.h>

#include "CLinux.h"

int clinux_accept4(int listener, void *address, unsigned int *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
