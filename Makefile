# The whole build. Two commands, `./run` and `./test`, install what is missing and call this.
#
#     make           build build/release/tongpin
#     make run       build it and start the demo
#     make test      check everything, the way CI does; ONLY=name for the tests of that name
#     make lint      clang-tidy and cppcheck on what changed of src; LONG=1 for tests and tools too
#     make bench     measure, each figure beside its limit
#     make replay    run every fuzz target on its corpus and finds; `make fuzz` searches for new ones
#     make soak SEEDS=1..1000000   play so many ordeals of a tree of nodes; goes on where it stopped
#     make map       write docs/MAP.md anew; `make types` the vocabulary of the web app, `make man`
#                    the man page and the shell completion
#
# Everything lands in build/<variant>/; `make clean` removes it.

# Lowest room first. A room may include headers of the rooms to its left, never to its right;
# tools/tidy holds it to that. The pure rooms see nothing but the two they are given.
ROOMS := base host seal vocab journal store people duties loop plan intake view engine sync answer api cli
PURE  := people:base,vocab duties:base,vocab,people loop:base,vocab,people,duties plan:base,vocab,people,duties,loop

VARIANT ?= release
OUT     ?= build/$(VARIANT)
GEN     := build/gen
Q       := $(if $(V),,@) # V=1 shows each command

WARNINGS := -Wall -Wextra -Werror -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
            -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla -Wundef -Wcast-qual \
            -Wwrite-strings -Wdouble-promotion -Wimplicit-fallthrough

# NDEBUG is never defined: assertions fly with the product.
FLAGS_release := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
                 -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero -fPIE
FLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
                 -fno-omit-frame-pointer -DARENA_SEPARATE
FLAGS_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
                 -fno-omit-frame-pointer -DARENA_SEPARATE
FLAGS_tsan    := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
LINK_release  := -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack

LIBRARIES := libmicrohttpd jansson libsodium libpq libzip expat libzstd libcurl gnutls
SQLITE    := third_party/node_modules/better-sqlite3/deps/sqlite3

CFLAGS  := -std=c17 -D_GNU_SOURCE $(WARNINGS) $(FLAGS_$(VARIANT)) \
           -Isrc -Itests -I$(GEN) -isystem $(SQLITE) \
           $(shell pkg-config --cflags-only-I $(LIBRARIES) 2>/dev/null) -MMD -MP
LDFLAGS := $(FLAGS_$(VARIANT)) $(LINK_$(VARIANT))
LDLIBS  := $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lpthread -lm

SOURCES := $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.c))
SUPPORT := $(wildcard tests/support/*.c)
UNITS   := $(patsubst tests/unit/%.c,$(OUT)/%,$(wildcard tests/unit/test_*.c))
PROGRAM := $(OUT)/tongpin
TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(TARGETS:%=$(OUT)/replay_%)
PARTS   := $(wildcard tests/*/run) # each is a program that says "N passed, N failed"
CODE    := $(shell find src tests tools -name '*.[ch]')
JOBS    ?= $(shell nproc)

OBJECTS         := $(SOURCES:%.c=$(OUT)/%.o) $(OUT)/sqlite3.o $(OUT)/$(GEN)/files.o
ASSETS := $(OUT)/$(GEN)/assets.o $(OUT)/$(GEN)/assets_bytes.o
SUPPORT_OBJECTS := $(SUPPORT:%.c=$(OUT)/%.o)
GENERATED       := $(GEN)/store_tables.def $(GEN)/row_queries.def

.PHONY: all run test check teeth tidy format headers roles lint stale map types man replay fuzz clean units soak \
        bench
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAM)

units: $(UNITS)

run: $(PROGRAM)
	@tools/demo $(if $(DATA),--data $(DATA)) $(if $(PORT),--port $(PORT))

# Everything is built first, in the open; then each part runs and is shown when it fails. The last
# line is the sum. ONLY=name runs the unit tests and fuzz targets of that name alone.
test:
	@tools/report start
	@+for variant in asan release; do \
	    $(MAKE) --no-print-directory -j$(JOBS) VARIANT=$$variant OUT=build/$$variant units replays \
	    || tools/report add "build $$variant" 0 1; done
	@+$(MAKE) --no-print-directory -j$(JOBS) VARIANT=release OUT=build/release all \
	    || tools/report add "build program" 0 1
	@+$(if $(ONLY),,for part in tidy format headers roles stale lint; do \
	    tools/report run $$part $(MAKE) --no-print-directory -j$(JOBS) $$part; done;) \
	for variant in asan release; do \
	    [ $$variant = asan ] || export CRASH_SCHEDULES=20000 ORDEALS=20000; \
	    tools/report run "unit $$variant" $(MAKE) --no-print-directory VARIANT=$$variant \
	        OUT=build/$$variant check; done; \
	tools/report run "fuzz replay" $(MAKE) --no-print-directory VARIANT=asan OUT=build/asan replay; \
	$(if $(ONLY),,for part in $(PARTS); do \
	    tools/report run "$$(basename $$(dirname $$part))" sh $$part; done;) \
	tools/report close

check: $(UNITS)
	@ONLY=$(ONLY) tools/run-tests $(VARIANT) $(UNITS)

# Each harness fails on the bug it is for: tests/teeth.
teeth: $(UNITS)
	@LIBRARIES='$(LDLIBS)' tools/teeth '$(OUT)' '$(CC) $(filter-out -Werror -MMD -MP,$(CFLAGS))' \
	    '$(SUPPORT_OBJECTS) $(OBJECTS) $(ASSETS)' '$(CC) $(LDFLAGS)'

# Ordeals of a tree of nodes: tests/support/tree.h.
soak: $(OUT)/test_simulation
	@tools/soak $< $(SEEDS)

tidy:
	@tools/tidy "$(ROOMS)" "$(PURE)" $(CODE)

format:
	@clang-format --dry-run -Werror $(CODE)

headers: $(GENERATED) # each header stands on its own
	@for header in $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.h)); do \
	    echo "#include \"$${header#src/}\"" | \
	    $(CC) -std=c17 -D_GNU_SOURCE -Wall -Werror -Isrc -I$(GEN) -fsyntax-only -xc - || exit 1; \
	done

# The second compiler, and its check that nobody calls what belongs to another thread. (Where a case
# falls through is gcc's to check: it reads the comment that says so, clang does not.)
CLANG_FLAGS = $(filter-out -MMD -MP -f% -Wimplicit-fallthrough,$(CFLAGS)) -fsyntax-only
roles: $(GENERATED)
	@clang $(CLANG_FLAGS) -Wthread-safety $(SOURCES) src/main.c
	@clang $(CLANG_FLAGS) $(SUPPORT) $(wildcard tests/fuzz/*.c)

# clang-tidy and cppcheck, a file at a time and only those that changed since they passed. Twice the
# same value at a beginning is our way to start, and in tests cppcheck does not know that give_up()
# and fail_msg() end the program or the test.
CPPCHECK = cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
           --suppress=missingIncludeSystem --suppress=duplicateAssignExpression \
           $(if $(filter tests/%,$<),--suppress=nullPointerRedundantCheck \
               --suppress=nullPointerArithmeticRedundantCheck) --error-exitcode=1 -Isrc -Itests
LINT_INCLUDES := -Isrc -Itests -I$(GEN) -isystem $(SQLITE) \
                 $(shell pkg-config --cflags-only-I $(LIBRARIES) 2>/dev/null)
LINTED = $(filter $(if $(LONG),%.c,src/%.c),$(CODE)) # tests and tools are half of the work
lint: $(LINTED:%=build/lint/%.ok)
build/lint/%.ok: % .clang-tidy tests/.clang-tidy | $(GENERATED)
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- -std=c17 -D_GNU_SOURCE $(LINT_INCLUDES) 2>/dev/null
	@$(CPPCHECK) $<
	@touch $@

# What is made from the code and committed, because people read it.
$(GEN)/gen_types: tools/gen_types.c src/vocab/vocab.c src/vocab/vocab.h src/vocab/kinds.def
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -Isrc $< src/vocab/vocab.c \
	    $(addprefix src/base/,text.c arena.c err.c) -o $@.new && mv $@.new $@
$(GEN)/gen_man: tools/gen_man.c src/cli/commands.def src/intake/headings.def \
                src/people/reason.def src/vocab/policy.def
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -Isrc $< -o $@.new && mv $@.new $@
man: $(GEN)/gen_man
	@$< page > docs/tongpin.1
	@$< bash > tools/tongpin.bash
map:
	@mkdir -p docs
	@tools/gen_map "$(ROOMS)" > docs/MAP.md
types: $(GEN)/gen_types
	@$< > web/src/data/vocab.ts
stale: $(GEN)/gen_types $(GEN)/gen_man
	@tools/gen_map "$(ROOMS)" | diff -u docs/MAP.md - || { echo "run: make map"; exit 1; }
	@$< | diff -u web/src/data/vocab.ts - || { echo "run: make types"; exit 1; }
	@$(GEN)/gen_man page | diff -u docs/tongpin.1 - || { echo "run: make man"; exit 1; }
	@$(GEN)/gen_man bash | diff -u tools/tongpin.bash - || { echo "run: make man"; exit 1; }

# Fuzz targets without a fuzzer, and with one. SECONDS is for each target.
replays: $(REPLAYS)
replay: $(REPLAYS)
	@tools/replay $(OUT) $(TARGETS)
$(OUT)/replay_%: $(OUT)/tests/fuzz/fuzz_%.o $(OUT)/tests/fuzz/replay.o $(SUPPORT_OBJECTS) $(OBJECTS) $(ASSETS)
	$(Q)$(CC) $(LDFLAGS) $^ -lcmocka $(LDLIBS) -o $@
fuzz:
	@+for target in $(if $(ONLY),$(ONLY),$(TARGETS)); do \
	    $(MAKE) --no-print-directory -j$(JOBS) CC=clang VARIANT=fuzz OUT=build/fuzz \
	        build/fuzz/fuzz_$$target || exit 1; \
	    mkdir -p build/fuzz/$$target tests/fuzz/finds/$$target; \
	    build/fuzz/fuzz_$$target -max_total_time=$(or $(SECONDS),60) -artifact_prefix=build/finds/ \
	        build/fuzz/$$target tests/fuzz/corpus/$$target tests/fuzz/finds/$$target || exit 1; \
	done
$(OUT)/fuzz_%: $(OUT)/tests/fuzz/fuzz_%.o $(SUPPORT_OBJECTS) $(OBJECTS) $(ASSETS)
	@mkdir -p build/finds
	$(Q)$(CC) $(LDFLAGS) -fsanitize=fuzzer $^ -lcmocka $(LDLIBS) -o $@

# Figures, each beside its limit in the same run; ends with an error when one is missed. SMALL=1 only
# shows that the benchmark itself still runs; ONLY=writing measures that part alone. Large nodes are
# kept in build/bench from run to run.
bench: $(OUT)/bench $(PROGRAM)
	@$(OUT)/bench $(PROGRAM) $(if $(SMALL),$(OUT)/bench-small small,build/bench $(ONLY))
$(OUT)/bench: $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/bench/*.c)) $(OBJECTS) $(ASSETS)
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

# The web app, built by npm and packed into the program.
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' \
                 2>/dev/null)
web/node_modules/.package-lock.json: web/package-lock.json
	@echo "  npm web"
	$(Q)cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(Q)touch $@
build/web.built: web/node_modules/.package-lock.json $(WEB_SOURCES)
	@mkdir -p $(@D)
	@echo "  web"
	$(Q)cd web && npm run --silent build
	$(Q)touch $@
$(GEN)/assets.c: build/web.built tools/embed src/api/assets.h
	$(Q)tools/embed web/dist $(GEN)/assets
$(GEN)/assets.S: $(GEN)/assets.c
$(OUT)/$(GEN)/assets_bytes.o: $(GEN)/assets.S $(GEN)/assets.c
	@mkdir -p $(@D)
	$(Q)$(CC) -c $< -o $@

# The rule pack we ship, the story of the demo and the dictionary of entries, as bytes between two
# symbols.
$(GEN)/files.S: packs/cn-power-site.rules demo/story.json src/sync/entries.dict Makefile
	@mkdir -p $(@D)
	@{ echo '.section .rodata'; \
	   for file in pack:packs/cn-power-site.rules story:demo/story.json \
               entries:src/sync/entries.dict; do \
	       echo ".global asset_$${file%%:*}, asset_$${file%%:*}_end"; \
	       echo "asset_$${file%%:*}: .incbin \"$${file#*:}\""; \
	       echo "asset_$${file%%:*}_end: .byte 0"; \
	   done; echo '.section .note.GNU-stack,"",@progbits'; } > $@
$(OUT)/$(GEN)/files.o: $(GEN)/files.S
	@mkdir -p $(@D)
	$(Q)$(CC) -c $< -o $@

$(PROGRAM): $(OUT)/src/main.o $(ASSETS) $(OBJECTS)
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(OUT)/test_%: $(OUT)/tests/unit/test_%.o $(SUPPORT_OBJECTS) $(OBJECTS) $(ASSETS)
	$(Q)$(CC) $(LDFLAGS) $^ -lcmocka $(LDLIBS) -o $@

$(OUT)/%.o: %.c Makefile | $(GENERATED)
	@mkdir -p $(@D)
	@echo "  cc $(VARIANT) $<"
	$(Q)$(CC) $(CFLAGS) -c $< -o $@

# The tables of both databases and the queries that treat all kinds alike. Written beside and moved
# into place, so that a build that is stopped leaves no half of one.
$(GEN)/gen_schema: tools/gen_schema.c src/vocab/vocab.c src/vocab/vocab.h src/vocab/kinds.def \
                   src/store/tables.def
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -Isrc $< src/vocab/vocab.c \
	    $(addprefix src/base/,buf.c text.c arena.c err.c) -o $@.new && mv $@.new $@
$(GEN)/store_tables.def: $(GEN)/gen_schema
	$(Q)$< tables > $@.new && mv $@.new $@
$(GEN)/row_queries.def: $(GEN)/gen_schema
	$(Q)$< queries > $@.new && mv $@.new $@

# SQLite as its authors wrote it: our warnings are not for it.
SQLITE_OPTIONS := -DSQLITE_THREADSAFE=2 -DSQLITE_DQS=0 -DSQLITE_DEFAULT_MEMSTATUS=0 \
    -DSQLITE_DEFAULT_WAL_SYNCHRONOUS=2 -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_OMIT_DEPRECATED \
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_USE_ALLOCA \
    -DSQLITE_MAX_EXPR_DEPTH=64 -DSQLITE_MAX_ATTACHED=0 -DSQLITE_ENABLE_API_ARMOR -DHAVE_FDATASYNC
$(OUT)/sqlite3.o: $(SQLITE)/sqlite3.c Makefile
	@mkdir -p $(@D)
	@echo "  cc $(VARIANT) sqlite3.c"
	$(Q)$(CC) $(FLAGS_$(VARIANT)) -w $(SQLITE_OPTIONS) -c $< -o $@

$(SQLITE)/sqlite3.c: third_party/package-lock.json
	$(Q)cd third_party && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(Q)touch $@

clean:
	rm -rf build

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
