#include "gateway/cancel.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATIENCE_SECONDS = 2 };

/* The connection to the server stands where that of a session would: when the server has taken the request it closes, and the client sees
 * that. Were it let go earlier, its next query could be the one that is cancelled. */
void cancel_send(struct client *client, const struct wire_startup *request)
{
    struct key target;
    if (!keys_find(client->worker->shared->keys, request->pid, request->secret, request->n_secret, &target)) {
        client_drop(client);
        return;
    }
    wire_put_cancel(&client->startup, target.pid, (const char *)target.secret, target.n_secret);
    client_enter(client, CLIENT_CANCELLING);
    client->backend = backend_open(client, NULL, NULL);
    if (!client->backend)
        client_drop(client);
}

void cancel_ended(const struct shared *shared, const struct key *key)
{
    const struct gateway_server *server = &shared->settings->server;
    const struct sockaddr *address = (const struct sockaddr *)&server->address;
    const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    SEGUE_CLEANUP(text_free) struct text out = {0};
    char none;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    wire_put_cancel(&out, key->pid, (const char *)key->secret, key->n_secret);
    if (connect(fd, address, server->length) == 0 &&
        send(fd, out.data, out.length, MSG_NOSIGNAL) == (ssize_t)out.length)
        (void)recv(fd, &none, 1, 0); /* the server closes when it has taken it */
    (void)close(fd);
}
