# What the measurements of this folder have in common: the package from these sources, runs that nobody disturbs, in turns, and medians.
# To be sourced. Each prints Markdown tables; `all` writes them into docs/performance.md.

set -euo pipefail
export LC_ALL=C

performance=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$performance/../.." && pwd)
readonly performance root

# Nothing of the SDK stays behind to wait for a next build: it would take time from what is measured, and outlive us.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1

say() { echo "$*" >&2; }
fail() { say "${0##*/}: $*"; exit 1; }

needs() {
  local tool
  for tool in "$@"; do command -v "$tool" > /dev/null || fail "needs $tool, which is not on the PATH"; done
}

is_number() { [[ $1 =~ ^[1-9][0-9]*$ ]] || fail "'$1' is not a number of $2"; }

[[ -n ${EPOCHREALTIME:-} ]] || fail "needs bash 5 or later, for its clock"
needs dotnet unzip awk sort

temp=$(mktemp -d)
readonly temp
trap 'rm -rf "$temp"' EXIT

# ---- The package, from these sources; or another one that is unpacked in the folder $PACKAGE.

pack() {
  if [[ -n ${PACKAGE:-} ]]; then
    ln -s "$(cd "$PACKAGE" && pwd)" "$temp/package"
    return
  fi
  say "Packing ..."
  (cd "$root" && dotnet pack src/ParallelScripts -o "$temp/feed" --artifacts-path "$temp/artifacts" -p:UseSharedCompilation=false -v quiet) \
    > "$temp/pack.log" 2>&1 || { cat "$temp/pack.log" >&2; fail "the package does not pack"; }
  unzip -q "$temp"/feed/*.nupkg -d "$temp/package"
}

# A project whose items are what comes on standard input.
project() {
  echo "<Project>"
  echo "  <Import Project=\"$temp/package/build/ParallelScripts.props\" />"
  echo "  <ItemGroup>"
  cat
  echo "  </ItemGroup>"
  echo "  <Import Project=\"$temp/package/build/ParallelScripts.targets\" />"
  echo "</Project>"
}

# By its own clock, what the task took in the last run.
wall_seconds() { awk -F'[:,]' '/"wallSeconds"/ { print $2 + 0; exit }' "${1:-obj/scripts/run.json}"; }

# The benchmarks of the engine, with these arguments.
benchmarks() {
  say "Compiling the benchmarks ..."
  dotnet build -c Release "$performance/Benchmarks" --artifacts-path "$temp/artifacts" -nodeReuse:false -p:UseSharedCompilation=false -v quiet > "$temp/build.log" 2>&1 ||
    { cat "$temp/build.log" >&2; fail "the benchmarks do not compile"; }
  dotnet "$(find "$temp/artifacts/bin" -name ParallelScripts.Benchmarks.dll | head -n 1)" "$@"
}

# ---- Numbers on standard input.

# Median, lowest and highest.
spread() { sort -g | awk '{ v[NR] = $1 } END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; print m, v[1], v[NR] }'; }

median() { spread | cut -d ' ' -f 1; }

# row LABEL FILE [BASE]: a row of a table, with the ratio of the medians, and how far the ratios of single rounds lie apart.
row() {
  local label=$1 file=$2 base=${3:-} ratio=""
  if [[ $file == "$base" ]]; then
    ratio=1
  elif [[ -n $base ]]; then
    ratio=$(awk -v m="$(median < "$file")" -v b="$(median < "$base")" -v r="$(paste "$file" "$base" | awk '{ print $1 / $2 }' | spread)" \
      'BEGIN { split(r, x, " "); printf "%.2f (%.2f to %.2f)", m / b, x[2], x[3] }')
  fi
  spread < "$file" | awk -v label="$label" -v ratio="$ratio" '
    $1 < 1 { printf "| %s | %.0f ms | %.0f to %.0f ms | %s |\n", label, $1 * 1000, $2 * 1000, $3 * 1000, ratio }
    $1 >= 1 { printf "| %s | %.2f s | %.2f to %.2f s | %s |\n", label, $1, $2, $3, ratio }'
}

# ---- Runs that nobody disturbs.

waiting_left=${PATIENCE:-600} # seconds to wait for a quiet machine, over all

# Seconds of processor time, of all processes and idle, since the machine began; and of this script and what it ran.
processors() { awk -v tick="$(getconf CLK_TCK)" '$1 == "cpu" { printf "%.2f %.2f\n", ($2 + $3 + $4 + $7 + $8 + $9) / tick, ($5 + $6) / tick }' /proc/stat; }
used() {
  # Not in a $( ): that would be another shell, which has used nothing yet. What measures beside it has files of its own.
  local mine=$BASHPID
  times > "$temp/times.$mine"
  awk '{ for (i = 1; i <= NF; i++) { split($i, t, /[ms]/); sum += 60 * t[1] + t[2] } } END { printf "%.2f\n", sum }' "$temp/times.$mine" > "$temp/used.$mine"
}

watch_begin() {
  used
  read -r own_before < "$temp/used.$BASHPID"
  read -r busy_before idle_before < <(processors)
}

# Since watch_begin: the share of the processors that other processes had, in percent, and their seconds.
watch_end() {
  local own busy idle
  used
  read -r own < "$temp/used.$BASHPID"
  read -r busy idle < <(processors)
  read -r others others_ms < <(awk -v busy="$busy" -v b="$busy_before" -v idle="$idle" -v i="$idle_before" -v own="$own" -v o="$own_before" \
    'BEGIN { busy -= b; idle -= i; x = busy - (own - o); if (x < 0) x = 0; t = busy + idle; printf "%.0f %.0f\n", (t > 0 ? 100 * x / t : 0), 1000 * x }')
}

# A second in which others do next to nothing. Not for ever: once all of the patience is used up, runs are taken as they come.
wait_for_quiet() {
  while ((waiting_left > 0)); do
    watch_begin
    sleep 1
    watch_end
    ((others > 5)) || return 0
    waiting_left=$((waiting_left - 1))
    ((waiting_left > 0)) || say "It does not get quiet here: the rest is taken as it comes."
  done
}

# Whether a run counts: others had little of the processors meanwhile (of 40 ms the system's account cannot tell whose they are).
keep_it() {
  watch_end
  if ((others > 10 && others_ms > 40 && waiting_left > 0)); then
    repeated=$((repeated + 1))
    return 1
  fi
  kept=$((kept + 1))
  others_sum=$((others_sum + (others_ms > 40 ? others : 0)))
}

# What is to be done before and after each run without its time: to be defined anew by who has something.
before_run() { :; }
after_run() { :; }

# undisturbed COMMAND...: runs it, again if others had more than a little of the processors meanwhile. What it took is in $seconds.
undisturbed() {
  local began ended
  while true; do
    wait_for_quiet
    before_run
    watch_begin
    began=${EPOCHREALTIME/./}
    "$@"
    ended=${EPOCHREALTIME/./}
    after_run
    if keep_it; then break; fi
  done
  seconds=$(awk -v us=$((ended - began)) 'BEGIN { printf "%.4f\n", us / 1e6 }')
}

# in_turns ROUNDS TITLE FUNCTION NAME...: calls the function with each name, in each round with all of them, and each round begins with
# another one, so that what disturbs the machine disturbs all.
in_turns() {
  local last=$1 title=$2 measure=$3 round turn
  shift 3
  local names=("$@")
  for ((round = 0; round < last; round++)); do
    say "$title: round $((round + 1)) of $last ..."
    for ((turn = 0; turn < ${#names[@]}; turn++)); do "$measure" "${names[(round + turn) % ${#names[@]}]}"; done
  done
}

begin_table() { repeated=0 kept=0 others_sum=0; }

# The line below a table.
end_table() {
  echo
  echo "Other processes had $((others_sum / kept)) % of the processors meanwhile; $repeated runs were taken again because it was more than 10 %."
  if ((others_sum / kept > 3)); then
    # They take the greater part from whoever is quickest, so that the ratios look better than they are.
    say "That is too much: take these figures again on a quiet machine."
  fi
  echo
}

# What the figures were taken on.
machine() {
  local tool version versions=""
  for tool in "$@"; do
    command -v "$tool" > /dev/null || continue
    version=$("$tool" --version 2> /dev/null | grep -m 1 -oE '[0-9]+(\.[0-9]+)*' || true)
    versions+=", $tool ${version%%$'\n'*}"
  done
  echo "$(nproc) cores, $(uname -s), .NET SDK $(dotnet --version)$versions."
}
