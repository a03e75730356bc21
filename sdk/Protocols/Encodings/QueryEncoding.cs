using System.Collections;
using System.Globalization;

namespace Deployer.Protocols;

/// <summary>
/// Shapes as the parameters of a form: <c>Tags.member.1.Key=a</c>, in EC2's dialect <c>Tag.1.Key=a</c>
/// (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html).
/// </summary>
internal static class QueryEncoding
{
    internal static void WriteMembers(
        List<KeyValuePair<string, string>> form,
        string prefix,
        StructureShape structure,
        object value,
        bool ec2
    )
    {
        foreach (var member in structure.Members)
        {
            if (member.Get(value) is { } set)
            {
                Write(form, prefix + NameOf(member, ec2), member.Shape, set, ec2);
            }
        }
    }

    private static void Write(List<KeyValuePair<string, string>> form, string name, Shape shape, object value, bool ec2)
    {
        switch (shape)
        {
            case StructureShape structure:
                WriteMembers(form, name + ".", structure, value, ec2);
                break;
            case ListShape list:
                var items = (IList)value;
                if (items.Count == 0 && !ec2)
                {
                    form.Add(new(name, ""));
                }
                for (var i = 0; i < items.Count; i++)
                {
                    Write(form, ec2 ? $"{name}.{Number(i)}" : $"{name}.{list.ItemName}.{Number(i)}", list.Item, items[i]!, ec2);
                }
                break;
            case MapShape map:
                var count = 0;
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    var pair = $"{name}.entry.{Number(count++)}";
                    form.Add(new($"{pair}.key", (string)entry.Key));
                    Write(form, $"{pair}.value", map.Value, entry.Value!, ec2);
                }

                break;
            case ScalarShape scalar:
                form.Add(new(name, ScalarText.Format(scalar, value)));
                break;
        }
    }

    /// <exception cref="FormatException">A parameter does not fit the model.</exception>
    internal static void ReadMembers(QueryNode form, StructureShape structure, object instance, bool ec2)
    {
        foreach (var member in structure.Members)
        {
            if (form.Child(NameOf(member, ec2)) is { } node && Read(node, member.Shape, ec2) is { } value)
            {
                member.Set(instance, value);
            }
        }
    }

    private static object? Read(QueryNode node, Shape shape, bool ec2)
    {
        switch (shape)
        {
            case StructureShape structure:
                var instance = structure.Create();
                ReadMembers(node, structure, instance, ec2);
                return instance;
            case ListShape list:
                var items = list.Create();
                foreach (var item in (ec2 ? node : node.Child(list.ItemName))?.Numbered() ?? [])
                {
                    items.Add(Read(item, list.Item, ec2));
                }
                return items;
            case MapShape map:
                var entries = map.Create();
                foreach (var entry in node.Child("entry")?.Numbered() ?? [])
                {
                    if (entry.Child("key")?.Value is { } key && entry.Child("value") is { } value)
                    {
                        entries[key] = Read(value, map.Value, ec2);
                    }
                }

                return entries;
            default:
                return node.Value is { } text ? ScalarText.Parse((ScalarShape)shape, text) : null;
        }
    }

    private static string NameOf(Member member, bool ec2) =>
        ec2 ? char.ToUpperInvariant(member.QueryName[0]) + member.QueryName[1..] : member.QueryName;

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}
