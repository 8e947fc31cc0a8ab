using static ParallelScripts.Tests.FindingImportsFiles;

namespace ParallelScripts.Tests;

/// <summary>What is read out of a shell script. Where a path starts from is the word before it.</summary>
public sealed class FindingImportsInShellScripts
{
    [Theory]
    [InlineData(". lib.sh", "working lib.sh")]
    [InlineData(". ./lib.sh", "working lib.sh")]
    [InlineData("source lib.sh", "working lib.sh")]
    [InlineData(".\tlib.sh", "working lib.sh")]
    [InlineData("source 'my lib.sh'", "working my lib.sh")]
    [InlineData("source \"my lib.sh\" a b", "working my lib.sh")]
    [InlineData(". my\\ lib.sh", "working my lib.sh")]
    [InlineData(". /etc/os-release", "working /etc/os-release")]
    [InlineData(". lib.sh\r\n. more.sh\r\n", "working lib.sh | working more.sh")]
    [InlineData(". \\\n  lib.sh", "working lib.sh")]
    public void Takes_a_path_that_is_written_out(string text, string expected) => Assert.Equal(expected, Scan(".sh", text));

    [Theory]
    [InlineData("[ -f lib.sh ] && . ./lib.sh || exit 1")]
    [InlineData("if test -f lib.sh; then . ./lib.sh; fi")]
    [InlineData("  . lib.sh")]
    [InlineData("f() { . lib.sh; }")]
    [InlineData("function f { . lib.sh; }")]
    [InlineData("( . lib.sh )")]
    [InlineData("case $1 in\n  a|b) . lib.sh ;;\nesac")]
    [InlineData("x=$(. lib.sh; f)")]
    [InlineData("echo \"it is $(. lib.sh && f)\"")]
    [InlineData("x=`. lib.sh; f`")]
    [InlineData("A=1 . lib.sh")]
    [InlineData("set -e; . lib.sh >/dev/null 2>&1")]
    [InlineData("! builtin source lib.sh")]
    [InlineData("x=$((1 << 2))\n. lib.sh")]
    [InlineData("(( x = 1 << END ))\n. lib.sh\nEND")]
    [InlineData("x=\"${y:-it's}\"\nz=\"${y#*'}'}\" # it's\n. lib.sh # it's")]
    [InlineData("x=$(case y in y) echo ')';; esac)\n. lib.sh")]
    [InlineData("cat <<< word; . lib.sh")]
    [InlineData("echo $# $'it\\'s'\n. lib.sh")]
    public void Takes_it_wherever_a_command_may_begin(string text) => Assert.Equal("working lib.sh", Scan(".sh", text));

    [Theory]
    [InlineData(". \"$(dirname \"$0\")/lib.sh\"", "script lib.sh")]
    [InlineData(". $(dirname $0)/../lib.sh", "script ../lib.sh")]
    [InlineData(". \"`dirname $0`/lib.sh\"", "script lib.sh")]
    [InlineData(". \"${0%/*}/lib.sh\"", "script lib.sh")]
    [InlineData("source \"${BASH_SOURCE%/*}/lib.sh\"", "beside lib.sh")]
    [InlineData("source $(dirname \"${BASH_SOURCE[0]}\")/lib.sh", "beside lib.sh")]
    [InlineData("source \"$(dirname -- \"$BASH_SOURCE\")\"/lib.sh", "beside lib.sh")]
    [InlineData("source \"$(dirname \"$(readlink -f \"$0\")\")/lib.sh\"", "script lib.sh")]
    [InlineData("source \"$( cd \"$( dirname \"${BASH_SOURCE[0]}\" )\" >/dev/null 2>&1 && pwd )/lib.sh\"", "beside lib.sh")]
    [InlineData("source \"$(dirname \"$(dirname \"$0\")\")/lib.sh\"", "script ../lib.sh")]
    [InlineData("source \"${0:A:h}/lib.sh\"", "script lib.sh")]
    [InlineData("source \"$PWD/lib.sh\"", "working lib.sh")]
    [InlineData("source \"$(pwd)/lib.sh\"", "working lib.sh")]
    public void Takes_the_ways_to_say_the_folder_of_this_script(string text, string expected) => Assert.Equal(expected, Scan(".sh", text));

    [Theory]
    [InlineData("HERE=$(dirname \"$0\")\n. $HERE/lib.sh", "script lib.sh")]
    [InlineData("SCRIPT_DIR=\"$(cd -- \"$(dirname -- \"${BASH_SOURCE[0]:-$0}\")\" &> /dev/null && pwd -P)\"\nROOT=$(dirname \"$SCRIPT_DIR\")\nsource \"${ROOT}/lib/a.sh\"", "beside ../lib/a.sh")]
    [InlineData("readonly DIR=\"${BASH_SOURCE%/*}\"\nsource \"$DIR/lib.sh\"", "beside lib.sh")]
    [InlineData("local -r DIR=lib\nsource $DIR/a.sh", "working lib/a.sh")]
    [InlineData("SELF=$0; while [ -h \"$SELF\" ]; do SELF=$(readlink \"$SELF\"); done\n. \"$(dirname \"$SELF\")/lib.sh\"", "script lib.sh")]
    [InlineData("cd \"$(dirname \"$0\")/..\"\n. lib/a.sh", "working lib/a.sh | script ../lib/a.sh")]
    [InlineData("cd sub && . ./a.sh", "working a.sh | working sub/a.sh")]
    public void Remembers_what_a_script_put_into_a_variable_and_where_it_went(string text, string expected) => Assert.Equal(expected, Scan(".sh", text));

    [Theory]
    [InlineData(". $LIB/a.sh")]
    [InlineData("source \"$1\"")]
    [InlineData("for f in lib/*.sh; do . \"$f\"; done")]
    [InlineData("DIR=lib; DIR=$(find_it); . $DIR/a.sh")]
    [InlineData("DIR=lib; DIR+=/more; . $DIR/a.sh")]
    [InlineData("source <(tool completion bash)")]
    [InlineData("source \"$(tool path)/a.sh\"")]
    [InlineData(". a$(dirname $0)")]
    [InlineData(". \"$0\"")]
    [InlineData(".")]
    [InlineData("source;")]
    public void Cannot_follow_what_is_only_known_when_it_runs(string text) => Assert.Equal("", Scan(".sh", text));

    [Theory]
    [InlineData("# . lib.sh")]
    [InlineData("true # source lib.sh")]
    [InlineData("echo . lib.sh")]
    [InlineData("echo source lib.sh")]
    [InlineData("find . -name lib.sh")]
    [InlineData("echo 'x\n. lib.sh\n'")]
    [InlineData("echo \"x\nsource lib.sh\n\"")]
    [InlineData("x=\"; . lib.sh\"")]
    [InlineData("./lib.sh")]
    [InlineData("cat <<EOF\n. lib.sh\nEOF")]
    [InlineData("cat <<'EOF' > x\nsource lib.sh\nEOF")]
    [InlineData("cat <<-EOF\n\t. lib.sh\n\tEOF")]
    [InlineData("cat <<A <<\"B\"\n. lib.sh\nA\n. lib.sh\nB")]
    [InlineData("x=$(cat <<EOF\n. lib.sh\nEOF\n)")]
    [InlineData("echo $source lib.sh")]
    [InlineData("sources lib.sh")]
    [InlineData("source=lib.sh")]
    [InlineData("The end. Then source lib.sh")]
    public void Takes_nothing_from_comments_quotes_and_here_documents(string text) => Assert.Equal("", Scan(".sh", text));

    [Fact]
    public void Goes_on_behind_a_here_document() =>
        Assert.Equal("working lib.sh", Scan(".sh", "cat <<EOF\n'\"$(\nEOF\n. lib.sh"));

    [Theory]
    [InlineData(". lib.sh", "/s/lib.sh /w/lib.sh")]
    [InlineData(". $(dirname $0)/lib.sh", "/s/lib.sh")]
    [InlineData(". lib/a.sh", "/s/lib/a.sh")]
    [InlineData(". gone.sh", "")]
    [InlineData(". lib/b.sh", "/s/lib.sh /s/lib/b.sh /s/lib/c")]
    [InlineData(". /s/lib/c", "/s/lib/c")]
    public void Looks_in_the_working_directory_and_beside_the_script(string text, string expected) =>
        Assert.Equal(expected, Modules($$"""
            /s/main.sh: {{text}}
            /s/lib.sh:
            /w/lib.sh:
            /s/lib/a.sh:
            /s/lib/b.sh: . "${0%/*}/lib.sh"\n. "${BASH_SOURCE%/*}/c"
            /s/lib/c:
            """));
}
