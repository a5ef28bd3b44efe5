#include "gateway/watch.h"

#include "gateway/client.h"
#include "gateway/comparer.h"
#include "gateway/shadow.h"

void watch_asked(struct client *client, const struct request *request)
{
    shadow_asked(client, request);
    if (client->worker->shared->comparer)
        comparer_asked(client->worker->shared->comparer, client, request);
}

void watch_end(struct client *client)
{
    shadow_end(client);
}

void watch_data(struct client *client, const struct wire_piece *piece)
{
    shadow_data(client, piece);
}

void watch_answer(struct client *client, const struct wire_piece *piece)
{
    shadow_answer(client, piece);
}

void watch_gone(struct client *client)
{
    shadow_gone(client);
}
