/* What systemd is told of a service of Type=notify: see sd_notify(3). Without systemd nothing happens. */
#ifndef SEGUE_GATEWAY_NOTIFY_H
#define SEGUE_GATEWAY_NOTIFY_H

/* Lines of NAME=value: "READY=1". */
void notify_send(const char *lines);

#endif
