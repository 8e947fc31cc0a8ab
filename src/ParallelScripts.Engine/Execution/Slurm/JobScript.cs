using System.Globalization;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// The text that runs on a node. One script is the same for all jobs of a folder and is all that Slurm itself gets to see; it takes a job's file,
/// which says what to run and holds the job's environment, secrets too, and is readable by its owner alone.
/// </summary>
/// <remarks>
/// Whoever moves a job's file to <c>claimed/</c> runs it. A rename is atomic, on NFS too; so a job that Slurm put back into the queue, one that was
/// submitted twice because an answer was lost, and one that we have withdrawn meanwhile find nothing to run. The result is renamed into
/// place as well: whoever sees it sees it whole. See docs/decisions/0111-whoever-moves-the-file-runs-it.md.
/// </remarks>
internal static class JobScript
{
    /// <summary>What the job ends with when it sees none of our folders: nothing that it writes would arrive.</summary>
    public const int NoFolder = 96;

    /// <summary>How many seconds a job waits for the result of one that it depends on, and that Slurm says has ended, to be seen on its node.</summary>
    private const int LongestLook = 30;

    /// <summary>The script for sbatch. Its one argument is the key of a job.</summary>
    /// <param name="folder">See <see cref="JobFolder"/>.</param>
    public static string Common(string folder) => $$"""
        #!/bin/sh
        # Written by ParallelScripts. Runs one script of a build as a job; $1 is its key.
        ps_folder={{Quoted(folder)}}
        ps_key=$1${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}
        ps_job=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}
        ps_number=${SLURM_JOB_ID:-0}
        ps_job=${ps_job:-$ps_number}
        # That it was submitted together with others is nothing that a script is to see.
        unset SLURM_ARRAY_JOB_ID SLURM_ARRAY_TASK_ID SLURM_ARRAY_TASK_COUNT SLURM_ARRAY_TASK_MAX SLURM_ARRAY_TASK_MIN SLURM_ARRAY_TASK_STEP
        ps_node=${SLURMD_NODENAME:-$(uname -n)}
        ps_claim=$ps_folder/claimed/$ps_key.$ps_job.${SLURM_RESTART_COUNT:-0}
        ps_began=$(date +%s.%N)
        ps_end() {
          { printf '%s\n' "$1 $2 $3 $ps_job $ps_node $ps_began $(date +%s.%N) $(ps_peak)"; times; } > "$ps_folder/results/.$ps_key.$ps_job" &&
            mv -f "$ps_folder/results/.$ps_key.$ps_job" "$ps_folder/results/$ps_key"
        }
        # What is said in a claim takes its place. A file that is being emptied may be seen empty with the time of what was in it.
        ps_mark() {
          { printf '%s' "$1" > "$ps_folder/claimed/.$ps_key.$ps_job" && mv -f "$ps_folder/claimed/.$ps_key.$ps_job" "$ps_claim"; } || : > "$ps_claim"
        }
        # The most memory that the job held, where Slurm gave it a control group of its own.
        ps_peak() {
          while IFS=: read -r ps_line ps_kind ps_path; do
            case $ps_kind:$ps_path in
              *memory*:*/job_"$ps_number"/*) cat "/sys/fs/cgroup/memory$ps_path/memory.max_usage_in_bytes" 2>/dev/null && return ;;
              :*/job_"$ps_number"/*) cat "/sys/fs/cgroup$ps_path/memory.peak" 2>/dev/null && return ;;
            esac
          done < /proc/self/cgroup 2>/dev/null
          echo -
        }
        if ! mv "$ps_folder/jobs/$ps_key" "$ps_claim" 2>/dev/null && ! [ -f "$ps_claim" ]; then
          [ -d "$ps_folder/jobs" ] || exit {{NoFolder}}
          # Not this job's any more: withdrawn, or run by another one of the same key; or by itself, before Slurm began it again.
          set -- "$ps_folder/claimed/$ps_key.$ps_job."*
          [ -e "$1" ] || exit 0
          ps_end 98 - requeued
          exit 98
        fi
        . "$ps_claim"
        # Secrets may be in it. What is there instead says that it has read nothing else yet.
        [ -z "$ps_after" ] || ps_mark waits
        # A job that Slurm has forgotten counts as one that succeeded; what it has left here tells the truth.
        for ps_name in $ps_after; do
          ps_other=$ps_folder/results/${ps_name%:*}
          ps_tries=0
          until [ -f "$ps_other" ] || [ $ps_tries -ge {{LongestLook}} ]; do
            # To list a folder asks the server; to look for a file may give what was known before.
            ls "$ps_folder/results" > /dev/null
            sleep 1
            ps_tries=$((ps_tries + 1))
          done
          ps_code=
          ps_how=
          [ ! -f "$ps_other" ] || read -r ps_code ps_signal ps_how ps_rest < "$ps_other"
          case $ps_name=$ps_code=$ps_how in
            *:ok=0=ended) ;;
            *:ok=* | *:any==* | *:any=*=skipped:*) ps_end 95 - "skipped:${ps_name%:*}"; exit 95 ;;
          esac
        done
        # From now on it reads what others wrote, and no sooner: this moment is what their changes are compared with.
        ps_mark ''
        cd -- "$ps_directory" 2>/dev/null || { ps_end 97 - nodirectory; exit 97; }
        [ -z "$ps_file" ] || [ -e "$ps_file" ] || { ps_end 97 - nofile; exit 97; }
        [ -x "$ps_program" ] || { ps_end 97 - noprogram; exit 97; }
        ps_signal=-
        ps_child=
        ps_watch=
        for ps_name in TERM INT HUP USR1 USR2; do
          trap "ps_signal=$ps_name; [ -z \"\$ps_child\" ] || kill -$ps_name \$ps_child 2>/dev/null" "$ps_name"
        done
        ( ps_run ) >> "$ps_folder/output/$ps_key" 2>&1 < /dev/null &
        ps_child=$!
        if [ -n "$ps_limit" ]; then
          ( trap 'kill $ps_sleep 2>/dev/null; exit' TERM
            sleep "$ps_limit" & ps_sleep=$!; wait $ps_sleep
            echo over > "$ps_claim"
            kill -TERM $ps_child
            sleep "$ps_grace" & ps_sleep=$!; wait $ps_sleep
            kill -KILL $ps_child ) 2>/dev/null &
          ps_watch=$!
        fi
        # A signal for us interrupts the wait; the child has ended only when it is gone.
        while :; do
          wait $ps_child
          ps_code=$?
          [ $ps_code -gt 128 ] && kill -0 $ps_child 2>/dev/null && continue
          break
        done
        [ -z "$ps_watch" ] || kill $ps_watch 2>/dev/null
        ps_how=ended
        [ -s "$ps_claim" ] && ps_how=over
        ps_end $ps_code $ps_signal $ps_how
        # What starts because of this is submitted meanwhile, and Slurm looks for jobs to start when this one has ended.
        sleep 0.05 2>/dev/null
        exit $ps_code
        """ + "\n";

    /// <summary>The file of one job.</summary>
    /// <param name="program">What to start, absolute.</param>
    /// <param name="file">A file that has to be there for it, absolute; or empty.</param>
    /// <param name="environment">What is set beside what Slurm hands on.</param>
    /// <param name="limit">How long it may take; null for any time.</param>
    /// <param name="grace">How long it may take to end when it is asked to.</param>
    /// <param name="after">The jobs whose results it looks at before it begins.</param>
    public static string Job(
        string program,
        IReadOnlyList<string> arguments,
        string directory,
        string file,
        IReadOnlyDictionary<string, string> environment,
        TimeSpan? limit,
        TimeSpan grace,
        IEnumerable<Predecessor>? after = null)
    {
        var text = new StringBuilder()
            .Append("ps_program=").Append(Quoted(program))
            .Append("\nps_directory=").Append(Quoted(directory))
            .Append("\nps_file=").Append(Quoted(file))
            .Append("\nps_after=").Append(Quoted(string.Join(' ', (after ?? []).Select(job => $"{job.Key}:{(job.MayFail ? "any" : "ok")}"))))
            .Append("\nps_limit=").Append(limit is { } most ? Seconds(most) : "")
            .Append("\nps_grace=").Append(Seconds(grace))
            .Append("\nps_run() {\n");
        foreach (var (name, value) in environment)
        {
            text.Append("export ").Append(name).Append('=').Append(Quoted(value)).Append('\n');
        }

        text.Append("exec ").Append(Quoted(program));
        foreach (var argument in arguments)
        {
            text.Append(' ').Append(Quoted(argument));
        }

        return text.Append("\n}\n").ToString();
    }

    /// <summary>One word for a shell, whatever is in it.</summary>
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
