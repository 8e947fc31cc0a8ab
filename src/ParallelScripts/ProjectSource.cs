using System.Xml;
using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>
/// Finds the lines of a project that items and properties come from. MSBuild does not hand a task more than the file, so
/// the file is read again, as text: what only evaluation could tell (a property in an Include) has a file and no line.
/// </summary>
internal sealed class ProjectSource
{
    private readonly Dictionary<string, ProjectText> _files = [];

    /// <param name="kind">What items of this kind are called, such as <c>ScriptItem</c>.</param>
    public Place PlaceOfItem(ITaskItem item, string kind)
    {
        var file = item.GetMetadata("DefiningProjectFullPath");
        return file == "" ? Place.Nowhere : TextOf(file).PlaceOfItem(kind, ((ITaskItem2)item).EvaluatedIncludeEscaped);
    }

    /// <summary>The line that sets a property to this value, or the project without a line (it was set elsewhere, or on the command line).</summary>
    public Place PlaceOfProperty(string file, string property, string value) => TextOf(file).PlaceOfProperty(property, value);

    /// <summary>The first place that reads a property, in the project and in the files that declare scripts; null if none does.</summary>
    public Place? PlaceReading(string project, string property) =>
        _files.Keys.Append(project).Distinct().Select(file => PlaceOfText(file, $"$({property})")).FirstOrDefault(place => place is not null);

    /// <summary>Metadata of scripts that are nearly, but not quite, ones that we read. Any other is the project's own business.</summary>
    /// <remarks>Looks at the files that items have been looked up in.</remarks>
    public IEnumerable<Problem> Misspelt()
    {
        foreach (var text in _files.Values)
        {
            foreach (var (name, place) in text.Metadata)
            {
                if (!Items.Metadata.Contains(name, StringComparer.OrdinalIgnoreCase) && Spelling.Closest(name, Items.Metadata) is { } meant)
                {
                    yield return Problems.MisspeltMetadata(place, name, meant);
                }
            }
        }
    }

    private static Place? PlaceOfText(string file, string text)
    {
        try
        {
            var lines = File.ReadAllLines(file);
            var line = Array.FindIndex(lines, line => line.Contains(text, StringComparison.OrdinalIgnoreCase));
            return line < 0 ? null : new Place(file, line + 1, lines[line].IndexOf(text, StringComparison.OrdinalIgnoreCase) + 1);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private ProjectText TextOf(string file)
    {
        if (!_files.TryGetValue(file, out var text))
        {
            _files[file] = text = new ProjectText(file);
        }

        return text;
    }

    /// <summary>The places of one file, by what is written there.</summary>
    private sealed class ProjectText
    {
        /// <summary>Attributes that MSBuild itself reads.</summary>
        private static readonly HashSet<string> _attributesOfItems = new(StringComparer.OrdinalIgnoreCase)
        {
            "Include", "Exclude", "Remove", "Update", "Condition", "Label", "KeepDuplicates", "KeepMetadata", "RemoveMetadata", "MatchOnMetadata", "MatchOnMetadataOptions",
        };

        private readonly string _file;

        /// <summary>By what such items are called. What else is in the file is not ours.</summary>
        private readonly Dictionary<string, ItemPlaces> _items;

        /// <summary>By name, in upper case, and value: <c>NAME=value</c>.</summary>
        private readonly Dictionary<string, Place> _properties = [];

        public ProjectText(string file)
        {
            _file = file;
            _items = Items.Kinds.ToDictionary(kind => kind, _ => new ItemPlaces(file));
            try
            {
                Read();
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or XmlException)
            {
                // The project was evaluated, so it was fine a moment ago; what is said about it has no line then.
            }
        }

        /// <summary>The metadata of scripts that are written there, once a name, whoever they are of.</summary>
        public Dictionary<string, Place> Metadata { get; } = [];

        public Place PlaceOfItem(string kind, string include) => _items[kind].Find(include);

        public Place PlaceOfProperty(string property, string value) =>
            _properties.TryGetValue(KeyOf(property, value), out var place) ? place : new Place(_file);

        private void Read()
        {
            using var reader = XmlReader.Create(_file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
            var position = (IXmlLineInfo)reader;

            // The depth of the ScriptItem that the reader is in, or was last in.
            var ofScripts = -1;
            var inCondition = false;
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element)
                {
                    continue;
                }

                // MSBuild counts to the '<', the reader to the name after it.
                var place = new Place(_file, position.LineNumber, position.LinePosition - 1);
                if (reader.LocalName == "ItemGroup")
                {
                    inCondition = reader.GetAttribute("Condition") is not null;
                }
                else if (_items.TryGetValue(reader.LocalName, out var items))
                {
                    items.Add(reader.GetAttribute("Include") ?? "", place, inCondition || reader.GetAttribute("Condition") is not null);
                    ofScripts = reader.LocalName == Items.Script ? reader.Depth : -1;
                    AddAttributes(reader, position, ofScripts >= 0);
                }
                else if (ofScripts >= 0 && reader.Depth == ofScripts + 1)
                {
                    Metadata.TryAdd(reader.LocalName, place);
                }
                else if (IsOurs(reader.LocalName) && !reader.IsEmptyElement)
                {
                    AddProperty(reader, place);
                }
            }
        }

        private void AddAttributes(XmlReader reader, IXmlLineInfo position, bool ofScript)
        {
            while (ofScript && reader.MoveToNextAttribute())
            {
                if (!_attributesOfItems.Contains(reader.LocalName))
                {
                    Metadata.TryAdd(reader.LocalName, new Place(_file, position.LineNumber, position.LinePosition));
                }
            }

            reader.MoveToElement();
        }

        /// <summary>Whether a property may be one that we read: <see cref="TaskParameters"/> has the two beginnings.</summary>
        private static bool IsOurs(string property) =>
            property.StartsWith("Scripts", StringComparison.OrdinalIgnoreCase) || property.StartsWith("Slurm", StringComparison.OrdinalIgnoreCase);

        private void AddProperty(XmlReader reader, Place place)
        {
            var name = reader.LocalName;
            if (reader.Read() && reader.NodeType == XmlNodeType.Text)
            {
                _properties[KeyOf(name, reader.Value)] = place;
            }
        }

        private static string KeyOf(string property, string value) => $"{property.ToUpperInvariant()}={value.Trim()}";
    }

    /// <summary>Where a file has the items of one kind.</summary>
    private sealed class ItemPlaces(string file)
    {
        private readonly Dictionary<string, Queue<Place>> _places = new(StringComparer.OrdinalIgnoreCase);
        private readonly List<ComputedItems> _computed = [];

        /// <summary>Places that a condition may have made nothing of.</summary>
        private readonly HashSet<Place> _conditional = [];

        /// <summary>Names whose places by globs are in <see cref="_places"/> already.</summary>
        private readonly HashSet<string> _merged = [];

        public void Add(string includes, Place place, bool isConditional)
        {
            if (isConditional)
            {
                _conditional.Add(place);
            }

            foreach (var include in includes.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (include.AsSpan().ContainsAny("*?") || include.Contains("$(") || include.Contains("@(") || include.Contains("%("))
                {
                    _computed.Add(new ComputedItems(include, place));
                    continue;
                }

                if (!_places.TryGetValue(Normalized(include), out var places))
                {
                    _places[Normalized(include)] = places = new Queue<Place>();
                }

                places.Enqueue(place);
            }
        }

        public Place Find(string include)
        {
            var name = Normalized(include);
            if (!_places.TryGetValue(name, out var places))
            {
                var computed = _computed.Where(computed => computed.Include.Contains('(')).ToArray();
                places = new Queue<Place>(ByGlobs(name));
                _places[name] = places;
                if (places.Count == 0)
                {
                    places.Enqueue(computed.Length == 1 ? computed[0].Place : new Place(file));
                }
            }
            else if (_computed.Count > 0 && _merged.Add(name))
            {
                _places[name] = places = new Queue<Place>(places.Concat(ByGlobs(name)).OrderBy(place => place.Line).ThenBy(place => place.Column));
            }

            // The second item of the same name comes from the second element that writes it, unless a condition may have left one out;
            // the last one serves all others.
            return places.Count == 1 ? places.Peek() : places.Any(_conditional.Contains) ? new Place(file) : places.Dequeue();
        }

        private IEnumerable<Place> ByGlobs(string name) =>
            _computed.Where(computed => !computed.Include.Contains('(') && new Glob(Normalized(computed.Include)).Matches(name)).Select(computed => computed.Place);

        private static string Normalized(string include) => include.Replace('\\', '/');

        /// <summary>An Include whose items only evaluation could tell.</summary>
        private sealed record ComputedItems(string Include, Place Place);
    }
}
