#!/bin/sh
# bench.sh: how fast the course is; beside it OpenBLAS and PyTorch where python3 has them.
# ONLY=mlp what begins so, THREADS=1 that many.  Writes build/bench.tsv.
set -eu
for python in ${PYTHON:-python3 /usr/bin/python3}; do
    if "$python" -c 'import numpy, torch' 2>/dev/null; then
        exec "$python" tests/bench/peers.py "${ONLY:-}" "${THREADS:-}"
    fi
done
echo 'python3-torch is not there: our own speed alone.' >&2
{
    printf '# workload\tthreads\tbatch\tms_per_step\tsamples_per_s\tpeak_rss_mb\tgflops\tpercent_of_peak\twho\tratio\n'
    cores=$(getconf _NPROCESSORS_ONLN)
    for threads in ${THREADS:-$(printf '1\n%s\n' "$cores" | sort -nu)}; do
        build/bench | while read -r name batch; do
            case $name in
            "${ONLY:-}"*) build/bench "workload=$name" "batch=$batch" "threads=$threads" ;;
            esac
        done
    done
} | tee build/bench.tsv
