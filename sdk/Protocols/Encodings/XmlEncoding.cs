using System.Collections;
using System.Xml.Linq;

namespace Deployer.Protocols;

/// <summary>Shapes as XML elements, in both directions. Names are compared without their namespace.</summary>
internal static class XmlEncoding
{
    internal static void WriteMembers(XElement parent, StructureShape structure, object value)
    {
        foreach (var member in structure.Members)
        {
            if (member.Get(value) is { } set)
            {
                parent.Add(Write(parent.Name.Namespace + member.WireName, member.Shape, set));
            }
        }
    }

    private static XElement Write(XName name, Shape shape, object value)
    {
        var element = new XElement(name);
        switch (shape)
        {
            case StructureShape structure:
                WriteMembers(element, structure, value);
                break;
            case ListShape list:
                foreach (var item in (IList)value)
                {
                    element.Add(Write(name.Namespace + list.ItemName, list.Item, item!));
                }
                break;
            case MapShape map:
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    element.Add(
                        new XElement(
                            name.Namespace + "entry",
                            new XElement(name.Namespace + "key", entry.Key),
                            Write(name.Namespace + "value", map.Value, entry.Value!)
                        )
                    );
                }

                break;
            case ScalarShape scalar:
                element.Add(new XText(ScalarText.Format(scalar, value)));
                break;
        }

        return element;
    }

    /// <exception cref="FormatException">An element does not fit the model.</exception>
    internal static void ReadMembers(XElement parent, StructureShape structure, object instance)
    {
        foreach (var member in structure.Members)
        {
            if (Child(parent, member.WireName) is { } element)
            {
                member.Set(instance, Read(element, member.Shape));
            }
        }
    }

    private static object Read(XElement element, Shape shape)
    {
        switch (shape)
        {
            case StructureShape structure:
                var instance = structure.Create();
                ReadMembers(element, structure, instance);
                return instance;
            case ListShape list:
                var items = list.Create();
                foreach (var item in element.Elements())
                {
                    items.Add(Read(item, list.Item));
                }
                return items;
            case MapShape map:
                var entries = map.Create();
                foreach (var entry in element.Elements())
                {
                    entries[Part(entry, "key").Value] = Read(Part(entry, "value"), map.Value);
                }
                return entries;
            default:
                return ScalarText.Parse((ScalarShape)shape, element.Value);
        }
    }

    internal static XElement? Child(XElement? parent, string name) =>
        parent?.Elements().FirstOrDefault(e => string.Equals(e.Name.LocalName, name, StringComparison.Ordinal));

    private static XElement Part(XElement entry, string name) =>
        Child(entry, name) ?? throw new FormatException($"A map's entry lacks its {name}.");
}
