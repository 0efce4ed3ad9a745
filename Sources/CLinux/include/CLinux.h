#ifndef CLINUX_H
#define CLINUX_H
// Glibc's Swift overlay leaves out <sys/epoll.h>; importing the header here is all this target does.
#include <sys/epoll.h>
#endif
