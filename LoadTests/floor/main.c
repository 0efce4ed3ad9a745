#include "floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <unistd.h>

static int number(int count, char **arguments, const char *name, int standard) {
    for (int index = 2; index + 1 < count; index++)
        if (strcmp(arguments[index], name) == 0) return atoi(arguments[index + 1]);
    return standard;
}

static const char *text(int count, char **arguments, const char *name) {
    for (int index = 2; index + 1 < count; index++)
        if (strcmp(arguments[index], name) == 0) return arguments[index + 1];
    return "";
}

int main(int count, char **arguments) {
    const char *command = count > 1 ? arguments[1] : "";
    uint16_t port = (uint16_t)number(count, arguments, "--port", 0);
    int connections = number(count, arguments, "--connections", 100);
    int bytes = number(count, arguments, "--bytes", 20);
    int depth = number(count, arguments, "--depth", 1);
    int seconds = number(count, arguments, "--seconds", 2);
    int messages = number(count, arguments, "--messages", 1000);
    int paceMs = number(count, arguments, "--pace-ms", 0);
    if (connections < 1 || connections > connectionsMax - 64 || bytes < 1
        || bytes > payloadBytesMax || depth < 1 || depth > 64 || seconds < 1 || seconds > 600
        || messages < 1 || paceMs < 0 || paceMs > 60000) {
        fprintf(stderr, "1 to %d connections, 1 to %d bytes, depth 1 to 64, 1 to 600 seconds\n",
            connectionsMax - 64, payloadBytesMax);
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    /* Whatever happens to who started it, it ends by itself. */
    alarm(900);
    if (strcmp(command, "echo") == 0) return serve(port, 0);
    if (strcmp(command, "broadcast") == 0) return serve(port, 1);
    if (strcmp(command, "hold") == 0)
        return hold(port, text(count, arguments, "--certificate"), text(count, arguments, "--key"));
    if (strcmp(command, "load") == 0) return load(port, connections, bytes, depth, seconds);
    if (strcmp(command, "idle") == 0)
        return idle(port, connections, number(count, arguments, "--tls", 0),
            number(count, arguments, "--sessions", 0));
    if (strcmp(command, "fan") == 0)
        return fan(port, connections, bytes, messages, paceMs);
    fprintf(stderr, "usage: floor echo|broadcast|hold|load|idle|fan --port P ...\n");
    return 64;
}
