using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Shapes;

/// <summary>Compares a document with a shape and reports every difference.</summary>
internal sealed class ShapeChecker(FaultList faults)
{
    /// <param name="node">What the file says.</param>
    /// <param name="shape">What it may say.</param>
    /// <param name="what">The thing in the words of a fault, such as <c>the target "dev"</c>.</param>
    public void Check(YamlNode node, Shape shape, string what)
    {
        switch (shape, node)
        {
            case (TextShape text, YamlScalar scalar)
                when scalar.Type == YamlScalarType.Text || (text.AnyScalar && scalar.Type != YamlScalarType.Null):
                CheckText(scalar, text, what);
                break;
            case (BooleanShape, YamlScalar { Type: YamlScalarType.Boolean }):
                break;
            case (ListShape list, YamlSequence sequence):
                CheckList(sequence, list, what);
                break;
            case (MapShape map, YamlMapping mapping):
                CheckMap(mapping, map, what);
                break;
            case (ObjectShape known, YamlMapping mapping):
                CheckObject(mapping, known, what);
                break;
            case (ShortShape either, YamlScalar):
                Check(node, either.Text, what);
                break;
            case (ShortShape either, YamlMapping):
                Check(node, either.Map, what);
                break;
            case (FlagOrMapShape either, YamlMapping):
                Check(node, either.Map, what);
                break;
            case (FlagOrMapShape either, YamlScalar { Type: YamlScalarType.Boolean }):
                Check(node, either.Flag, what);
                break;
            case (KindsShape kinds, YamlMapping mapping):
                CheckKind(mapping, kinds, what);
                break;
            default:
                faults.Add(node.Position, $"{what} is {Description(node, shape)}", Expectation(shape));
                break;
        }
    }

    private static string Description(YamlNode node, Shape shape) =>
        shape is TextShape { IsConfidential: true } && node is YamlScalar { Type: not YamlScalarType.Null }
            ? "a value that is not shown, since it can hold a credential"
            : node.Description;

    private static string Expectation(Shape shape) =>
        shape switch
        {
            TextShape { Choices: [var only] } => only,
            TextShape { Choices.Count: > 0 } text => $"one of {string.Join(", ", text.Choices)}",
            TextShape text => text.Expected,
            BooleanShape => "true or false",
            ListShape => "a list",
            MapShape map => $"a map; its keys are {map.Name.Expected}",
            ObjectShape known => $"a map with {KeysOf(known)}",
            ShortShape either => $"{Expectation(either.Text)}, or {Expectation(either.Map)}",
            FlagOrMapShape either => $"{Expectation(either.Flag)}, or {Expectation(either.Map)}",
            _ => "a map",
        };

    private static string KeysOf(ObjectShape shape) => string.Join(", ", shape.Keys.Select(key => key.Name));

    private void CheckText(YamlScalar scalar, TextShape text, string what)
    {
        if (text.Choices.Count > 0)
        {
            if (!text.Choices.Contains(scalar.Value) && !text.Later.Contains(scalar.Value))
            {
                faults.Add(
                    scalar.Position,
                    $"{what} is {scalar.Description}",
                    text.Choices is [var only] ? only : NearestName.Expectation(scalar.Value, text.Choices)
                );
            }
        }
        else if (!text.IsMatch(scalar.Value))
        {
            faults.Add(scalar.Position, $"{what} is {Description(scalar, text)}", text.Expected);
        }
    }

    private void CheckList(YamlSequence sequence, ListShape list, string what)
    {
        if (list.NotEmpty && sequence.Items.Count == 0)
        {
            faults.Add(sequence.Position, $"{what} is empty", "at least one item");
        }
        foreach (var item in sequence.Items)
        {
            Check(item, list.Item, $"an item of {what}");
        }
    }

    private void CheckMap(YamlMapping mapping, MapShape map, string what)
    {
        if (map.NotEmpty && mapping.Entries.Count == 0)
        {
            faults.Add(mapping.Position, $"{what} is empty", "at least one entry");
        }
        if (mapping.Entries.Count > map.Most)
        {
            faults.Add(mapping.Position, $"{what} has {mapping.Entries.Count} entries", $"at most {map.Most}");
        }
        foreach (var (key, value) in mapping.Entries)
        {
            if (!map.Name.IsMatch(key.Value))
            {
                faults.Add(key.Position, $"the name \"{key.Value}\" in {what} is not allowed", map.Name.Expected);
            }
            else if (map.Refused.Contains(key.Value))
            {
                faults.Add(key.Position, $"the name \"{key.Value}\" in {what} {map.RefusedBecause}", "another name");
            }
            Check(value, map.Value, $"\"{key.Value}\" in {what}");
        }
    }

    private void CheckObject(YamlMapping mapping, ObjectShape known, string what)
    {
        var names = known.Keys.Select(key => key.Name).ToList();
        foreach (var (key, value) in mapping.Entries)
        {
            if (known.Keys.FirstOrDefault(candidate => candidate.Name == key.Value) is { } match)
            {
                Check(value, match.Shape, $"\"{key.Value}\" of {what}");
            }
            else
            {
                faults.Add(key.Position, $"the key \"{key.Value}\" of {what} is not known", NearestName.Expectation(key.Value, names));
            }
        }
        foreach (var missing in known.Keys.Where(key => key.Required && mapping[key.Name] is null))
        {
            faults.Add(mapping.Position, $"\"{missing.Name}\" of {what} is missing", Expectation(missing.Shape));
        }
        if (known.NotEmpty && !names.Exists(name => mapping[name] is not null))
        {
            faults.Add(mapping.Position, $"{what} says nothing", $"at least one of {KeysOf(known)}");
        }
    }

    private void CheckKind(YamlMapping mapping, KindsShape kinds, string what)
    {
        var kindKeys = mapping.Entries.Where(entry => kinds.KindKeys.Contains(entry.Key.Value)).ToList();
        if (kindKeys.Count > 1)
        {
            faults.Add(
                kindKeys[1].Key.Position,
                $"{what} has both \"{kindKeys[0].Key.Value}\" and \"{kindKeys[1].Key.Value}\"",
                $"one of {string.Join(", ", kinds.KindKeys)}"
            );
        }
        else if (kindKeys.Count == 1)
        {
            CheckObject(mapping, kinds.Kinds.First(kind => kind.Keys[0].Name == kindKeys[0].Key.Value), what);
        }
        else
        {
            var near = mapping
                .Entries.Select(entry => NearestName.Find(entry.Key.Value, kinds.KindKeys))
                .FirstOrDefault(name => name is not null);
            var hint = near is null ? "" : $" (did you mean \"{near}\"?)";
            faults.Add(
                mapping.Position,
                $"{what} does not say what kind it is",
                $"one of the keys {string.Join(", ", kinds.KindKeys)}{hint}"
            );
        }
    }
}
