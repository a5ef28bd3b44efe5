#include "gateway/watch.h"

void watch_asked(struct client *client, const struct request *request)
{
    (void)client;
    (void)request;
}

void watch_end(struct client *client)
{
    (void)client;
}

void watch_data(struct client *client, const struct wire_piece *piece)
{
    (void)client;
    (void)piece;
}

void watch_answer(struct client *client, const struct wire_piece *piece)
{
    (void)client;
    (void)piece;
}

void watch_gone(struct client *client)
{
    (void)client;
}
