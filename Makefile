# Deep C: neural networks from scratch, in plain C.  Plain "make" says what there is to make.

CC       = gcc
OPENMP  := $(shell echo 'int main(void){}' | $(CC) -fopenmp -x c - -o /dev/null 2>/dev/null && echo -fopenmp || echo -Wno-unknown-pragmas)
CFLAGS   = -O3 -march=native -fno-math-errno -falign-loops=64 $(OPENMP) -g -Wall -Wextra $(EXTRA)
SANITIZE = -O1 -g -march=native -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
GRADER   = -Wall -Wextra -Wno-missing-field-initializers -Wno-unknown-pragmas -Itests
DEPEND   = -MMD -MP -MF $@.d
LDLIBS   = -lm
CHECK    = $(shell pkg-config --cflags --libs check)

# A chapter's earlier chapters are ours, unless you ask for your own: make WITH=chapters.
WITH     = solutions
YOURS    = -I$(WITH) -Ichapters
OURS     = -Isolutions -Ichapters

SOURCES := $(sort $(patsubst solutions/%,%,$(wildcard solutions/*/*.c)))# 06-mlp/mlp.c ...
NAMES   := $(patsubst %/,%,$(dir $(SOURCES)))#                             06-mlp ...
source   = $(filter $*/%,$(SOURCES))#                                      the one of this $*
FIGURES := $(shell sed -n 's/^\# figure //p' plots/[0-9]*.gp 2>/dev/null)
export CC EX CH STRICT TAP JUNIT SEED SET FROM EDITION KEEP ONLY THREADS

help: ## say what there is to make
	@awk -F ':.*## ' '/^#-/ { print "\n" substr($$0, 4) } /^[a-z-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' Makefile

#- To look around
demo: ## train a network on pictures and show what it sees; needs only cc and make
	@sh tests/demo.sh
doctor: ## say which tools are there, which are missing, and what they are for
	@sh tests/doctor.sh core plots book pdf dev

#- To learn
check: ## grade what you wrote; EX=6.3 one exercise, CH=06 one chapter, STRICT=1 all must be done
	@$(STUDENT) check
next: ## show the next exercise to do
	@$(STUDENT) next
hint: ## a hint on EX=6.3, one more each time
	@$(STUDENT) hint
diff: ## your EX=6.3 beside ours
	@$(STUDENT) diff
reset: ## begin EX=6.3 again; your try is kept
	@$(STUDENT) reset
watch: ## check again whenever you save; CH=06 or EX=6.3 as above
	@$(STUDENT) watch
STUDENT = MAKE='$(MAKE)' sh tests/student.sh
plot: ## run your CH=06 and draw it over ours
	@MAKE='$(MAKE)' sh plots/run.sh yours
data: ## install a full data set: SET=fashion-mnist, mnist or cifar10; FROM=folder if you have it
	@sh data/get.sh

#- To read
book: ## the book as PDF (build/deep-c.pdf) and web pages (build/book/index.html)
	@MAKE='$(MAKE)' sh book/build.sh html
	@if sh tests/doctor.sh pdf >/dev/null; then MAKE='$(MAKE)' sh book/build.sh pdf; else \
	echo 'No PDF: its TeX is missing.  make deps-book brings it.'; exit 1; fi
html: ## the web pages alone
	@MAKE='$(MAKE)' sh book/build.sh html

#- To keep the course
deps: ## bring what the tests and the web book need, by the system's package manager
	@sh tests/doctor.sh install core plots book dev
deps-book: ## bring what the PDF needs too (about 200 MB)
	@sh tests/doctor.sh install core plots book pdf dev
test: ## prove the course: ours right, stubs fail, mistakes named, nothing drifted
	@MAKE='$(MAKE)' sh tests/test.sh
selftest: $(NAMES:%=selftest-%) ## feed the grader wrong answers; all must be rejected, 95 % named
stubs: ## derive chapters/ from solutions/
	@git diff --quiet HEAD -- chapters 2>/dev/null || { echo 'chapters/ has changes; deriving the stubs would lose them.'; exit 1; }
	@for c in $(SOURCES); do mkdir -p chapters/$${c%/*}; awk -f solutions/stub.awk solutions/$$c >chapters/$$c; done
results: ## run again what the book quotes; must give the same bytes (KEEP=1 accepts new ones)
	@MAKE='$(MAKE)' sh plots/run.sh results
bench: build/bench ## speed beside PyTorch and OpenBLAS; ONLY=mlp THREADS=1 one part
	@sh tests/bench/bench.sh
clean: ## forget all that was built
	rm -rf build

# ---- programs: build/06-mlp yours, build/solutions/06-mlp ours --------------------------
.SECONDEXPANSION:
$(NAMES:%=build/%): build/%: chapters/$$(source) build/flags
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(YOURS) $< -o $@ $(DEPEND) $(LDLIBS)
$(NAMES:%=build/solutions/%): build/solutions/%: solutions/$$(source) build/flags
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(OURS) $< -o $@ $(DEPEND) $(LDLIBS)
build/bench: tests/bench/bench.c build/flags
	$(CC) $(CFLAGS) $(OURS) $< -o $@ $(DEPEND) $(LDLIBS)

# ---- the grader: a judge, and workers that hold your chapter, ours, the stub, and ours
# ---- misbehaving on demand -----------------------------------------------------------------
$(NAMES:%=build/judge/%): build/judge/%: tests/%.c tests/grade.c tests/grade.h build/flags
	@mkdir -p $(@D)
	@pkg-config --exists check || { echo 'Check, the library that grades, is missing: make deps brings it.'; exit 1; }
	@$(CC) -O1 -g $(GRADER) $(OURS) -iquote solutions/$* $< tests/grade.c -o $@ $(DEPEND) $(CHECK) $(LDLIBS)
worker = @mkdir -p $(@D) && $(CC) $(SANITIZE) $(GRADER) -DWORKER $(1) $< tests/grade.c -o $@ $(DEPEND) $(LDLIBS) 2>$@.said || { cat $@.said >&2; exit 1; }
$(NAMES:%=build/worker/%): build/worker/%: tests/%.c tests/grade.c tests/grade.h chapters/$$(source) build/flags
	$(call worker,$(YOURS) -iquote chapters/$*)
$(NAMES:%=build/worker/ours/%): build/worker/ours/%: tests/%.c tests/grade.c tests/grade.h solutions/$$(source) build/flags
	$(call worker,$(OURS) -iquote solutions/$*)
$(NAMES:%=build/worker/stub/%): build/worker/stub/%: tests/%.c tests/grade.c tests/grade.h build/stubs/% build/flags
	$(call worker,$(OURS) -iquote build/stubs/$*)
$(NAMES:%=build/worker/selftest/%): build/worker/selftest/%: tests/%.c tests/grade.c tests/grade.h build/hooked/% build/flags
	$(call worker,-w -Wno-return-type -DSELFTEST $(OURS) -iquote build/hooked/$*)
DEEPER = sed 's|"../../data/|"../../../data/|'
$(NAMES:%=build/stubs/%): build/stubs/%: solutions/$$(source) solutions/stub.awk
	@mkdir -p $@ && awk -f solutions/stub.awk $< | $(DEEPER) >$@/$(<F) && touch $@
$(NAMES:%=build/hooked/%): build/hooked/%: solutions/$$(source) solutions/stub.awk
	@mkdir -p $@ && awk -v begin=1 -f solutions/stub.awk $< | $(DEEPER) >$@/$(<F) && touch $@
$(NAMES:%=selftest-%): selftest-%: build/judge/% build/worker/selftest/%
	@echo '# $*' && build/judge/$* build/worker/selftest/$* selftest

# ---- figures: build/plots/06-mlp-curve.svg ---------------------------------------------------
plots: $(foreach f,$(FIGURES),build/plots/$f.svg build/plots/$f.pdf build/plots/$f.png) ## every figure of the book, in build/plots
script = $(firstword $(shell grep -lx '\# figure $(basename $(@F))' plots/*.gp))
$(foreach f,$(FIGURES),build/plots/$f.svg build/plots/$f.pdf build/plots/$f.png): plots/style.gp $$(script) $$(wildcard plots/results/*.tsv)
	@mkdir -p $(@D)
	@command -v gnuplot >/dev/null || { echo 'gnuplot, which draws, is missing: make deps brings it.'; exit 1; }
	@gnuplot -c $(script) $(basename $(@F)) $@ plots/results

# Other flags than last time make all that they touch anew.
build/flags: .FORCE
	@mkdir -p build
	@echo '$(CC) $(CFLAGS) $(YOURS)' | cmp -s - $@ || echo '$(CC) $(CFLAGS) $(YOURS)' >$@
.FORCE:

.PHONY: help demo doctor check next hint diff reset watch plot data book html deps deps-book test \
	selftest stubs results bench clean plots $(NAMES:%=selftest-%)
-include $(shell find build -name '*.d' 2>/dev/null)
