/*
 * The settings of a gateway, from its command line and from the file that --config names. The file has the options' names for keys, and [[rule]] tables; what
 * stands on the command line (or in SEGUE_URL) wins.
 */
#ifndef SEGUE_CLI_GATEWAY_SETTINGS_H
#define SEGUE_CLI_GATEWAY_SETTINGS_H

#include "cli/command.h"
#include "gateway/gateway.h"

/* All but `server` and `engine`. Everything is in the call's arena. ERROR_USAGE: what is wrong, with its place where it stands in the file. */
bool gateway_settings_read(struct invocation *call, struct gateway_settings *out,
                           struct error *err) SEGUE_MUST_CHECK;

#endif
