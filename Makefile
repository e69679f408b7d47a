# The whole build. Two commands, `./run` and `./test`, install what is missing and call this.
#
#     make           build build/release/tongpin
#     make run       build it and start the demo
#     make test      check everything, the way CI does
#     make bench     measure, each figure beside its limit
#
# Everything lands in build/<variant>/; `make clean` removes it.

# Lowest room first. A room may include headers of the rooms to its left, never to its right;
# tools/tidy holds it to that. The pure rooms see nothing but the two they are given.
ROOMS := base host seal vocab journal store people intake view engine api
PURE  := people:base,vocab

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
FLAGS_tsan    := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
LINK_release  := -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
MUTANT        ?=
OUT           := $(OUT)$(MUTANT:%=-%)

LIBRARIES := libmicrohttpd jansson libsodium libpq libzip expat
SQLITE    := third_party/node_modules/better-sqlite3/deps/sqlite3

CFLAGS  := -std=c17 -D_GNU_SOURCE $(WARNINGS) $(FLAGS_$(VARIANT)) $(MUTANT:%=-DMUTANT_%) \
           -Isrc -Itests -I$(GEN) -isystem $(SQLITE) \
           $(shell pkg-config --cflags-only-I $(LIBRARIES) 2>/dev/null) -MMD -MP
LDFLAGS := $(FLAGS_$(VARIANT)) $(LINK_$(VARIANT))
LDLIBS  := $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lpthread -lm

SOURCES := $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.c))
SUPPORT := $(wildcard tests/support/*.c)
UNITS   := $(patsubst tests/unit/%.c,$(OUT)/%,$(wildcard tests/unit/test_*.c))
PROGRAM := $(OUT)/tongpin

OBJECTS         := $(SOURCES:%.c=$(OUT)/%.o) $(OUT)/sqlite3.o
SUPPORT_OBJECTS := $(SUPPORT:%.c=$(OUT)/%.o)
GENERATED       := 

.PHONY: all run test check tidy headers roles clean units
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAM)

units: $(UNITS)

check: $(UNITS) $(PROGRAM)
	@tools/run-tests $(VARIANT) $(UNITS)

tidy:
	@tools/tidy "$(ROOMS)" "$(PURE)" $(shell git ls-files -co --exclude-standard '*.c' '*.h')

headers: # each header stands on its own
	@for header in $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.h)); do \
	    echo "#include \"$${header#src/}\"" | \
	    $(CC) -std=c17 -D_GNU_SOURCE -Wall -Werror -Isrc -I$(GEN) -fsyntax-only -xc - || exit 1; \
	done

$(PROGRAM): $(OUT)/src/main.o $(OBJECTS)
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(OUT)/test_%: $(OUT)/tests/unit/test_%.o $(SUPPORT_OBJECTS) $(OBJECTS)
	$(Q)$(CC) $(LDFLAGS) $^ -lcmocka $(LDLIBS) -o $@

$(OUT)/%.o: %.c Makefile | $(GENERATED)
	@mkdir -p $(@D)
	@echo "  cc $(VARIANT) $<"
	$(Q)$(CC) $(CFLAGS) -c $< -o $@

# SQLite as its authors wrote it: our warnings are not for it.
SQLITE_OPTIONS := -DSQLITE_THREADSAFE=2 -DSQLITE_DQS=0 -DSQLITE_DEFAULT_MEMSTATUS=0 \
    -DSQLITE_DEFAULT_WAL_SYNCHRONOUS=2 -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_OMIT_DEPRECATED \
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_USE_ALLOCA \
    -DSQLITE_MAX_EXPR_DEPTH=64 -DSQLITE_MAX_ATTACHED=0 -DSQLITE_ENABLE_API_ARMOR
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
