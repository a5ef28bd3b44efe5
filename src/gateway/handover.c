#include "gateway/handover.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/memory.h"

enum { PATIENCE_SECONDS = 10 };

static const char served = 'R';

/* What goes with each socket. */
struct about {
    char spec[256];
    char where[256];
    unsigned char is_path;
};

/* The message: how many there are, about each, and beside it the descriptors. */
struct message {
    unsigned n;
    struct about about[HANDOVER_MAX];
};

union rights {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(HANDOVER_MAX * sizeof(int))];
};

static bool name_it(const char *path, struct sockaddr_un *address, const char *more, struct error *err)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(address->sun_path, sizeof address->sun_path, "%s%s", path, more);
    if (length >= 0 && (size_t)length < sizeof address->sun_path)
        return true;
    return error_set(err, ERROR_USAGE, "--hand-over %s: the path of a socket has at most %zu bytes", path,
                     sizeof address->sun_path - 1 - strlen(".new"));
}

static void be_patient(int fd)
{
    const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

/* Whole, or not at all: a stream may give a message in parts, the descriptors come with its first byte. */
static bool receive(int fd, struct message *message, union rights *rights, struct msghdr *header)
{
    struct iovec bytes = {.iov_base = message, .iov_len = sizeof *message};
    *header = (struct msghdr){.msg_iov = &bytes,
                              .msg_iovlen = 1,
                              .msg_control = rights->bytes,
                              .msg_controllen = sizeof rights->bytes};
    ssize_t n = recvmsg(fd, header, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    return n == (ssize_t)sizeof *message && message->n <= HANDOVER_MAX && !(header->msg_flags & MSG_CTRUNC);
}

static bool take_all(const struct message *message, struct msghdr *header, struct listeners *out)
{
    const struct cmsghdr *control = CMSG_FIRSTHDR(header);
    if (!control || control->cmsg_type != SCM_RIGHTS ||
        control->cmsg_len != CMSG_LEN(message->n * sizeof(int)))
        return false;
    for (unsigned i = 0; i < message->n; i++) {
        const struct about *about = &message->about[i];
        struct listener one = {.is_path = about->is_path != 0};
        memcpy(&one.fd, CMSG_DATA(control) + i * sizeof(int), sizeof one.fd);
        (void)snprintf(one.spec, sizeof one.spec, "%.*s", (int)sizeof about->spec - 1, about->spec);
        (void)snprintf(one.where, sizeof one.where, "%.*s", (int)sizeof about->where - 1, about->where);
        listeners_put(out, &one);
    }
    return true;
}

bool handover_take(const char *path, struct listeners *out, int *peer, struct error *err)
{
    struct sockaddr_un address;
    *peer = -1;
    if (!name_it(path, &address, "", err))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return error_set(err, ERROR_RESOURCE, "--hand-over %s: %s", path, strerror(errno));
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0) {
        (void)close(fd);
        return true;
    }
    be_patient(fd);
    struct message *message = memory_alloc(sizeof *message);
    union rights rights;
    struct msghdr header;
    bool good = receive(fd, message, &rights, &header) && take_all(message, &header, out);
    free(message);
    if (good) {
        *peer = fd;
        return true;
    }
    (void)close(fd);
    error_set(err, ERROR_RESOURCE, "the gateway at %s does not hand its sockets over", path);
    return error_hint(err, "it must run as the same user, or this one as root");
}

bool handover_confirm(int peer)
{
    char byte;
    bool heard = send(peer, &served, 1, MSG_NOSIGNAL) == 1 && recv(peer, &byte, 1, 0) == 0;
    (void)close(peer);
    return heard;
}

bool handover_offer(const char *path, int *fd, struct error *err)
{
    struct sockaddr_un address;
    if (!name_it(path, &address, ".new", err))
        return false;
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    (void)unlink(address.sun_path);
    if (*fd >= 0 && bind(*fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        listen(*fd, 1) == 0 && rename(address.sun_path, path) == 0)
        return true;
    error_set(err, ERROR_RESOURCE, "--hand-over %s: %s", path, strerror(errno));
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
    return false;
}

static void fill(struct message *message, int *fds, const struct listeners *listeners)
{
    message->n = (unsigned)listeners->n;
    for (size_t i = 0; i < listeners->n; i++) {
        const struct listener *one = &listeners->items[i];
        struct about *about = &message->about[i];
        (void)snprintf(about->spec, sizeof about->spec, "%s", one->spec);
        (void)snprintf(about->where, sizeof about->where, "%s", one->where);
        about->is_path = one->is_path;
        fds[i] = one->fd;
    }
}

bool handover_pass(int peer, const struct listeners *listeners)
{
    if (listeners->n > HANDOVER_MAX || !listen_peer_is_ours(peer))
        return false;
    be_patient(peer);
    struct message *message = memory_alloc(sizeof *message);
    union rights rights = {0};
    int fds[HANDOVER_MAX];
    fill(message, fds, listeners);
    struct iovec bytes = {.iov_base = message, .iov_len = sizeof *message};
    struct msghdr header = {.msg_iov = &bytes,
                            .msg_iovlen = 1,
                            .msg_control = rights.bytes,
                            .msg_controllen = CMSG_SPACE(listeners->n * sizeof(int))};
    struct cmsghdr *control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(listeners->n * sizeof(int));
    memcpy(CMSG_DATA(control), fds, listeners->n * sizeof(int));
    bool sent = sendmsg(peer, &header, MSG_NOSIGNAL) == (ssize_t)sizeof *message;
    free(message);
    return sent;
}

int handover_heard(int peer)
{
    char byte = 0;
    ssize_t n = recv(peer, &byte, 1, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return 0;
    return n == 1 && byte == served ? 1 : -1;
}
