/* What segue audit says, for people and for programs. */
#ifndef SEGUE_CLI_AUDIT_REPORT_H
#define SEGUE_CLI_AUDIT_REPORT_H

#include <jansson.h>

#include "catalog/speed.h"
#include "cli/command.h"
#include "document/document.h"

/* What the report is about; the migration may be NULL. */
struct audit_report {
    const char *schema;
    const struct state_migration *migration;
    const struct audit *audit;
};

/* What the plan says of a step's time, by the sizes that it was made with; without the rehearsals and the server's state that segue plan knows. */
struct range audit_forecast(const struct audit *audit, const struct audit_step *step);
/* In the arena. */
struct document *audit_document(const struct audit_report *report, struct arena *arena);
json_t *audit_json(const struct audit_report *report);
/* Holds the tables against those of an earlier audit's JSON and adds what differs. ERROR_REFUSED where the file is none. */
bool audit_against(const char *path, struct arena *arena, struct audit *audit,
                   struct error *err) SEGUE_MUST_CHECK;

#endif
