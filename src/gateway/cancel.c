#include "gateway/cancel.h"

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
