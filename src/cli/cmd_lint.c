/* segue lint: hazards of files of SQL, with a database at hand or without one. */
#include <stdio.h>
#include <string.h>

#include "cli/lint_fix.h"
#include "cli/linting.h"
#include "migration/folder.h"

enum { OLDEST = 12, NEWEST = 18 };

static void found(void *context, const struct lint_finding *finding)
{
    struct linting *linting = context;
    lint_report_finding(&linting->report, finding);
}

static void visit(void *context, const struct lint_statement *statement)
{
    struct linting *linting = context;
    lint_file_statement(linting->file, statement);
    lint_report_statement(&linting->report, statement, lint_file_place(linting->file));
}

static void print(void *context, const char *bytes, size_t n)
{
    (void)context;
    (void)fwrite(bytes, 1, n, stdout);
}

static bool lint_one(struct linting *linting, const char *path, const char *name, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text read = {0};
    if (!linting_read(path, &read, err))
        return false;
    const char *content = text_string(&read);
    lint_report_file(&linting->report, name, content);
    lint_report_file_end(&linting->report, linting_look(linting, name, content, visit, found, linting));
    return linting_still_there(linting, err);
}

/* The file of the command line that is fixed. */
struct fixing {
    struct linting *linting;
    size_t number;
    const char *name;
};

static void only_look(void *context, const struct lint_statement *statement)
{
    lint_file_statement(((struct linting *)context)->file, statement);
}

/* With what is known when the files before it have run. */
static bool look_again(void *context, const char *content, lint_give *give, void *given_to, struct error *err)
{
    const struct fixing *fixing = context;
    struct linting *linting = fixing->linting;
    if (!linting_begin(linting, err))
        return false;
    for (size_t i = 0; i < fixing->number; i++) {
        SEGUE_CLEANUP(text_free) struct text before = {0};
        if (!linting_read(linting->call->arguments[i], &before, err))
            return false;
        linting->call->engine->lint_read(linting->knowledge, text_string(&before), ++linting->number,
                                         &linting->settings, NULL, NULL);
    }
    (void)linting_look(linting, fixing->name, content, only_look, give, given_to);
    return linting_still_there(linting, err);
}

/* Writes the file, or prints what would be written. */
static bool fix_one(struct linting *linting, size_t number, const char *path, const char *name,
                    struct error *err)
{
    size_t fixed;
    SEGUE_CLEANUP(text_free) struct text before = {0}, after = {0}, diff = {0};
    struct fixing fixing = {.linting = linting, .number = number, .name = name};
    if (!linting_read(path, &before, err) ||
        !lint_fix_text(text_string(&before), look_again, &fixing, &after, &fixed, err))
        return false;
    linting->fixed += fixed;
    if (given(linting->call, "diff")) {
        lint_fix_diff(name, text_string(&before), text_string(&after), &diff);
        (void)fputs(text_string(&diff), stdout);
    } else if (given(linting->call, "stdin")) {
        (void)fputs(text_string(&after), stdout);
    } else if (fixed) {
        return lint_fix_write(path, text_string(&after), err);
    }
    return true;
}

static bool fix_all(struct linting *linting, struct error *err)
{
    struct invocation *call = linting->call;
    if (given(call, "stdin"))
        return fix_one(linting, 0, "-", given_value(call, "stdin-name"), err);
    for (size_t i = 0; i < call->n_arguments; i++) {
        if (!fix_one(linting, i, call->arguments[i], call->arguments[i], err))
            return false;
    }
    return true;
}

static bool lint_all(struct linting *linting, struct error *err)
{
    struct invocation *call = linting->call;
    if (given(call, "stdin")) {
        const char *name = given_value(call, "stdin-name");
        return lint_one(linting, "-", name, err);
    }
    for (size_t i = 0; i < call->n_arguments; i++) {
        if (!lint_one(linting, call->arguments[i], call->arguments[i], err))
            return false;
    }
    return true;
}

/* What the command line says counts, then the file of settings, then the option's own. */
static enum lint_level level_of(const struct linting *linting, const char *option, enum lint_level set)
{
    enum lint_level level;
    if (set != LINT_NOTHING && !given(linting->call, option))
        return set;
    (void)lint_level_named(given_value(linting->call, option), &level);
    return level;
}

/* The table of docs/lint/README.md. */
static void print_rules(void)
{
    const struct lint_rule *rule;
    printf("| rule | level | what it is | what happens | instead | segue |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; (rule = lint_rule_at(i)); i++)
        printf("| [`%s`](%s.md) | %s | %s | %s | %s | %s |\n", rule->id, rule->id,
               lint_level_name(rule->level), rule->title, rule->happens, rule->instead,
               rule->handled ? "handles it" : "");
}

static bool report_all(struct linting *linting, struct error *err)
{
    struct invocation *call = linting->call;
    if (!linting_order(linting, err) || !linting_begin(linting, err))
        return false;
    linting->report = (struct lint_report){
        .format =
            call->json ? LINT_FORMAT_JSON : (enum lint_format)lint_format_of(given_value(call, "format")),
        .least = level_of(linting, "level", linting->config.least),
        .color = call->color,
        .effects = given(call, "effects"),
        .server_major = linting->settings.server_major,
        .fixed = linting->fixed,
        .database = linting->source ? linting->source->called : NULL,
        .write = print,
    };
    lint_report_begin(&linting->report);
    bool done = lint_all(linting, err);
    for (enum lint_level level = level_of(linting, "fail-on", linting->config.fail_on);
         done && level <= LINT_ERROR; level++)
        call->status = call->status || linting->report.counts[level] ? 1 : 0;
    lint_report_end(&linting->report);
    return done;
}

/* --diff and --stdin print what the files would be, and no findings besides. */
static bool look_at_all(struct linting *linting, struct error *err)
{
    struct invocation *call = linting->call;
    bool diff = given(call, "diff");
    bool fix = diff || given(call, "fix");
    if (!linting_open(linting, err) || (fix && !fix_all(linting, err)))
        return false;
    if (!diff && !(fix && given(call, "stdin")))
        return report_all(linting, err);
    call->status = diff && linting->fixed ? 1 : 0;
    return true;
}

/* A folder stands for its files, in the order of their names. */
static bool take_folders(struct invocation *call, struct error *err)
{
    const char **paths = NULL;
    size_t n = 0;
    for (size_t i = 0; i < call->n_arguments; i++) {
        struct folder_file *files;
        size_t n_files;
        if (!folder_is(call->arguments[i])) {
            ARENA_PUSH(call->arena, paths, n, call->arguments[i]);
            continue;
        }
        if (!folder_read(call->arena, call->arguments[i], &files, &n_files, err)) {
            err->class = ERROR_USAGE;
            return false;
        }
        for (size_t k = 0; k < n_files; k++)
            ARENA_PUSH(call->arena, paths, n, files[k].path);
    }
    call->arguments = paths;
    call->n_arguments = n;
    return true;
}

static bool run(struct invocation *call, struct error *err)
{
    if (given(call, "rules")) {
        print_rules();
        return true;
    }
    if (call->n_arguments == 0 && !given(call, "stdin")) {
        error_set(err, ERROR_USAGE, "no file is given");
        return error_hint(err, "name the files, or give one by --stdin");
    }
    if (call->n_arguments && given(call, "stdin")) {
        error_set(err, ERROR_USAGE, "--stdin stands beside %s", call->arguments[0]);
        return error_hint(err, "name files, or give one by --stdin");
    }
    long major = NEWEST;
    struct linting linting = {.call = call};
    if (!take_folders(call, err) || !linting_configure(&linting, err) ||
        !given_long(call, "pg-version", OLDEST, NEWEST, &major, err))
        return false;
    if (linting.config.server_major && !given(call, "pg-version"))
        major = linting.config.server_major;
    linting.settings = (struct lint_settings){
        .server_major = (int)major,
        .in_transaction = given(call, "in-transaction") || linting.config.in_transaction,
        .levels = &linting.config.levels,
    };
    bool done = look_at_all(&linting, err);
    session_close(linting.session);
    arena_free(linting.memory);
    return done;
}

static const struct command_option options[] = {
    {.name = "format",
     .value = "NAME",
     .help =
         "How findings are printed: text for people, json for programs, sarif, github for workflow commands, gitlab "
         "for code quality reports, junit.",
     .fallback = "text",
     .kind = VALUE_WORDS,
     .words = "text json sarif github gitlab junit"},
    {.name = "pg-version",
     .value = "MAJOR",
     .help = "The release of the server on which the files will run, 12 to 18.",
     .fallback = "18"},
    {.name = "exact",
     .help = "With --url: read large tables as a whole where that tells whether a statement will fail."},
    {.name = "fix",
     .help =
         "Write the statements that findings show as --fix into the files; with --stdin, to the standard output."},
    {.name = "diff",
     .help =
         "Print what --fix would write as a unified diff, and write nothing. The exit status is 1 when there is any."},
    {.name = "schema-file",
     .value = "FILE",
     .help =
         "The schema that is there already, as pg_dump --schema-only prints it; with it more can be told of changes of "
         "types, constraints and partitions. Repeated: in this order.",
     .repeated = true,
     .kind = VALUE_FILE},
    {.name = "transactions",
     .value = "FILE",
     .help =
         "Transactions of the application as SQL, with BEGIN and COMMIT: files that lock the same tables in another order are told "
         "of. Nothing else is said of them. Repeated.",
     .repeated = true,
     .kind = VALUE_FILE},
    {.name = "level",
     .value = "LEVEL",
     .help = "The least level that is printed: note, warning or error.",
     .fallback = "note",
     .kind = VALUE_WORDS,
     .words = "note warning error"},
    {.name = "fail-on",
     .value = "LEVEL",
     .help = "The least level that makes the exit status 1.",
     .fallback = "error",
     .kind = VALUE_WORDS,
     .words = "note warning error"},
    {.name = "config",
     .value = "FILE",
     .help =
         "Settings: [lint] and [lint.rules]. Where it is not given, segue.toml in the directory that segue runs in.",
     .kind = VALUE_FILE},
    {.name = "in-transaction",
     .help = "The tool that runs the files wraps each in a transaction of its own."},
    {.name = "effects",
     .help = "With JSON: what each statement does, its locks, rewrites and scans, as well."},
    {.name = "stdin", .help = "Read one file from the standard input."},
    {.name = "stdin-name",
     .value = "NAME",
     .help = "What it is called in what is printed.",
     .fallback = "stdin.sql"},
    {.name = "rules", .help = "Print the table of rules, as Markdown."},
    {0},
};

static const struct command_argument arguments[] = {
    {.name = "FILE",
     .help = "Files of SQL, in the order in which they would run; a folder stands for its files, by name.",
     .optional = true,
     .kind = VALUE_FILE,
     .repeated = true},
    {0},
};

static const char *const description[] = {
    "Reads files of SQL and tells which of their statements would make a live application stand still, break a version of it "
    "that runs, or fail: which table each locks, and whether rows are read or written under the lock, on the given release of "
    "PostgreSQL. No database is needed. What a file makes itself is taken for empty; what comes in files before it, and in "
    "--schema-file, is taken for large.",
    "With --url, and only with it, a database is asked: its schema takes the place of --schema-file and its release that of "
    "--pg-version, and findings are weighed by what is there. A hazard on an empty table is a note; rows that will make a statement "
    "fail are an error, with their number and some of their keys. The database is only read: no statement waits for a lock, and what "
    "takes longer than three seconds, or would read a table of more than 64 MB as a whole, is given up unless --exact is given. What "
    "could not be looked at is said.",
    "Any file will do, not only segue's migrations: psql's commands and the rows of COPY are passed over, and a statement that "
    "cannot be read is a finding of its own. In a migration of segue's, what segue start does without harm is a note.",
    "--fix writes what a finding shows as its rewrite: only where the schema that comes out is the same, outside of transactions, and "
    "so often until nothing is left that can be rewritten. What remains is then told. See docs/lint/README.md for which rules it knows.",
    "A finding is accepted by an annotation above the statement, or behind it on its last line: "
    "-- segue: allow RULE because \"the reason\"",
    NULL,
};

static const struct command_example examples[] = {
    {"segue lint migrations/", "Looks at all migrations."},
    {"segue lint --schema-file schema.sql --pg-version 15 new.sql", "Knows the tables that new.sql changes."},
    {"segue lint --url postgresql://db.example.org/shop new.sql",
     "Weighs what it finds by the tables that are there."},
    {"segue lint --diff migrations/*.sql", "Shows what --fix would write."},
    {"segue lint --format github migrations/*.sql", "Marks the lines of a pull request."},
    {0},
};

static const struct command_exit exits[] = {
    {0, "Nothing of that level was found."},
    {1, "At least one finding of level error, or of what --fail-on says."},
    {2, "The command line or the settings are wrong, or a file cannot be read."},
    {3, "The database cannot be reached, or was lost on the way."},
    {0, NULL},
};

const struct command command_lint = {
    .name = "lint",
    .summary = "find what is dangerous in files of SQL",
    .options = options,
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .exits = exits,
    .run = run,
};
