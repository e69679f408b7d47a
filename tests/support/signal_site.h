#pragma once
/*
 * signal_site — a site on any store where people raise signals and others deal with them.
 *
 *   Owns     everything but the store, until site_close(). A Shown is ended with shown_done().
 */
#include "answer/signal.h"
#include "base/doc.h"
#include "seal/reader.h"
#include "support/play.h"
#include "support/stores.h"

/* A company with a department, a project with a union group, and people there. */
typedef struct Site {
    Play play;
    Id company;
    Id dept;
    Id project;
    Id union_group;
    Id crew;
    Id worker;
    Id other;
    Id leader;
    Id reader; /* the person who reads integrity reports */
    ReaderSecret secret;
    Reach at_project;
    Id account; /* of whoever acts as a person */
} Site;

/* An answer of a view, read back. */
typedef struct Shown {
    Arena arena;
    Buf text;
    Doc doc;
    ErrCode code;
} Shown;

extern const SignalEyes machine;

void site_open(Site *site, Store *store);
void site_close(Site *site);
Key site_key(const Site *site, Id id);

/* Who acts from now on: somebody at the project who takes part, or may write there too; or whoever
 * stands at the machine, as at the beginning. */
void act_as(Site *site, Id person, bool may_write);
void act_as_machine(Site *site);

/* Somebody reads integrity reports; site->secret opens them. */
void site_name_reader(Site *site);

/* `rest` goes on inside the fields: ",\"what\":\"…\"". raised: it must be done. */
Answer site_raise(Site *site, const char *kind, const char *rest);
Id site_raised(Site *site, const char *kind, const char *rest);
Answer site_handle(Site *site, Id signal, const char *step, const char *rest);
void must_be_done(Answer answer);
void must_be_refused(Answer answer, ErrCode code, const char *words);

void shown_done(Shown *shown);
View site_view(Site *site, Shown *shown, const Reach *reach, const char *on);
void shown_open(Shown *shown, Emit *emit);
void shown_parse(Shown *shown);

/* One signal for some eyes; `on` NULL: today. */
Shown site_look(Site *site, Id signal, const SignalEyes *eyes, const Reach *reach, const char *on);
void expect_text(const DocValue *value, const char *key, const char *wanted);
void expect_state(Site *site, Id signal, const char *state);
bool bytes_hold(Bytes bytes, const char *words);
