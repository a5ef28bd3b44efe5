/*
 * The least that can stand between a client and a server: bytes are read and written on, by two threads with an epoll each, and nothing is looked at.
 * script/bench-gateway runs it beside gateways: what it costs is the kernel's, and no gateway that reads and writes sockets can cost less.
 *
 * usage: relay ADDRESS PORT     prints the port of 127.0.0.1 on which it listens; ends with its standard input
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { THREADS = 2, EVENTS = 64, BUFFER = 65536 };

struct side {
    int fd;
    struct side *other;
};

static int open_target(const char *address, int port)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in remote = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    int unix_socket = address[0] == '/';
    int fd = socket(unix_socket ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
    (void)snprintf(local.sun_path, sizeof local.sun_path, "%s/.s.PGSQL.%d", address, port);
    if (!unix_socket)
        (void)inet_pton(AF_INET, address, &remote.sin_addr);
    const struct sockaddr *to =
        unix_socket ? (const struct sockaddr *)&local : (const struct sockaddr *)&remote;
    if (connect(fd, to, unix_socket ? sizeof local : sizeof remote) < 0) {
        perror("relay");
        exit(1);
    }
    return fd;
}

static void watch(int poller, struct side *side)
{
    static const int on = 1;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = side};
    (void)setsockopt(side->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)epoll_ctl(poller, EPOLL_CTL_ADD, side->fd, &event);
}

/* Both ends are shut; descriptors and memory go with the process. */
static void end(const struct side *side)
{
    (void)shutdown(side->fd, SHUT_RDWR);
    (void)shutdown(side->other->fd, SHUT_RDWR);
}

static void *run(void *argument)
{
    int poller = *(int *)argument;
    char *buffer = malloc(BUFFER);
    for (;;) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < n; i++) {
            struct side *side = events[i].data.ptr;
            ssize_t got = recv(side->fd, buffer, BUFFER, MSG_DONTWAIT);
            if (got <= 0 || send(side->other->fd, buffer, (size_t)got, MSG_NOSIGNAL) != got) {
                (void)epoll_ctl(poller, EPOLL_CTL_DEL, side->fd, NULL);
                end(side);
            }
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int pollers[THREADS];
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 3 || bind(listener, (struct sockaddr *)&here, length) < 0 || listen(listener, 128) < 0 ||
        getsockname(listener, (struct sockaddr *)&here, &length) < 0)
        return 2;
    printf("%d\n", ntohs(here.sin_port));
    (void)fflush(stdout);
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        pollers[i] = epoll_create1(0);
        (void)pthread_create(&thread, NULL, run, &pollers[i]);
    }
    struct pollfd waits[] = {{.fd = 0, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
    for (unsigned turn = 0; poll(waits, 2, -1) > 0 && !waits[0].revents; turn++) {
        int poller = pollers[turn % THREADS];
        struct side *pair = calloc(2, sizeof *pair);
        pair[0] = (struct side){accept(listener, NULL, NULL), &pair[1]};
        pair[1] = (struct side){open_target(argv[1], atoi(argv[2])), &pair[0]};
        watch(poller, &pair[0]);
        watch(poller, &pair[1]);
    }
    return 0;
}
