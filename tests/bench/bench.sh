#!/bin/sh
# bench.sh: how fast the course is; beside it OpenBLAS and PyTorch where they are.
# ONLY=mlp what begins so, THREADS=1 that many.  Writes build/bench.tsv.
set -eu
for python in ${PYTHON:-python3 /usr/bin/python3}; do
    if "$python" -c 'import numpy, torch' 2>/dev/null; then
        exec "$python" tests/bench/peers.py "${ONLY:-}" "${THREADS:-}"
    fi
done
echo 'python3-torch is not there: our own speed alone.' >&2
{
    echo '# workload threads batch ms_per_step samples_per_s peak_rss_mb gflops' \
        'percent_of_peak who ratio' | sed 's/ /	/g; s/#	/# /'
    cores=$(getconf _NPROCESSORS_ONLN)
    for threads in ${THREADS:-$(printf '1\n%s\n' "$cores" | sort -nu)}; do
        build/bench | while read -r name batch; do
            case $name in
            "${ONLY:-}"*) build/bench "workload=$name" "batch=$batch" "threads=$threads" ;;
            esac
        done
    done
} | tee build/bench.tsv
