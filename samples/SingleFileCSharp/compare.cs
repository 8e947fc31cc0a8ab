// Do the documentation and the public members fit each other? Finds members without documentation, documentation without a member, and parameters that do not exist.

using System.Globalization;

var members = Rows(args[0]).ToDictionary(row => row[1], row => new { Namespace = row[0], Overrides = bool.Parse(row[2]), Parameters = row[3].Split(',') });
var entries = Rows(args[1]).ToDictionary(row => row[0], row => new { Words = int.Parse(row[1], CultureInfo.InvariantCulture), Parameters = row[2].Split(',') });
var folder = args[2];

// An override may be silent: editors show the text of what it overrides.
var described = members.Where(member => !member.Value.Overrides)
    .Select(member => (Id: member.Key, member.Value.Namespace, Has: entries.TryGetValue(member.Key, out var entry) && entry.Words > 0)).ToList();
var coverage = described.GroupBy(member => member.Namespace)
    .Select(group => (Namespace: group.Key, Members: group.Count(), Described: group.Count(member => member.Has)))
    .OrderBy(row => (double)row.Described / row.Members).ThenByDescending(row => row.Members).ToList();
var undescribed = described.Where(member => !member.Has).Select(member => member.Id).Order(StringComparer.Ordinal).ToList();

// A member that a type has for the sake of an interface is private, and still documented: System#IDisposable#Dispose.
var unasked = entries.Keys.Where(id => !members.ContainsKey(id) && !id.Replace(".#ctor", "").Contains('#')).Order(StringComparer.Ordinal).ToList();
var nameless = undescribed.Where(id => !entries.ContainsKey(id)).ToLookup(NameOf);
var misspelt = unasked.Where(id => nameless.Contains(NameOf(id))).ToList();

var parameters = members.Where(member => entries.ContainsKey(member.Key))
    .SelectMany(member => entries[member.Key].Parameters.Except(member.Value.Parameters).Where(name => name != "" && member.Key[0] is 'M' or 'P')
        .Select(name => (Id: member.Key, Documented: name, Existing: string.Join(" ", member.Value.Parameters)))).OrderBy(row => row.Id, StringComparer.Ordinal).ToList();

Save("coverage.tsv", coverage.Select(row => $"{row.Namespace}\t{row.Members}\t{row.Described}").Prepend("namespace\tmembers\tdescribed"));
Save("undescribed.tsv", undescribed.Prepend("id"));
Save("unasked.tsv", unasked.Select(id => $"{id}\t{nameless[NameOf(id)].MaxBy(candidate => CommonEnd(candidate, id))}").Prepend("id\tperhaps meant"));
Save("parameters.tsv", parameters.Select(row => $"{row.Id}\t{row.Documented}\t{row.Existing}").Prepend("id\tdocumented\texisting"));

string[] findings =
[
    $"{Percent(undescribed.Count, described.Count)} of {described.Count:N0} public members have no description, {undescribed.Count:N0} in all; {coverage.Count(row => row.Described == row.Members):N0} of {coverage.Count:N0} namespaces are complete.",
    $"{unasked.Count:N0} entries belong to no public member; {misspelt.Count:N0} of them have the name of one that has no entry, so that perhaps only the id is wrong.",
    $"{parameters.Count:N0} times an entry explains a parameter that its member does not have.",
];
Save("findings.txt", findings);
Console.WriteLine(string.Join(Environment.NewLine, findings));

static string NameOf(string id) => id.Split('(', '~')[0];

static int CommonEnd(string one, string other) => one.Reverse().Zip(other.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();

static string Percent(int part, int whole) => (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + "%";

static IEnumerable<string[]> Rows(string path) => File.ReadLines(path).Skip(1).Select(line => line.Split('\t'));

// Whoever finds the file finds all of it: it gets its name when it is complete.
void Save(string name, IEnumerable<string> lines)
{
    var path = Path.Combine(folder, name);
    File.WriteAllLines(path + ".tmp", lines);
    File.Move(path + ".tmp", path, overwrite: true);
}
