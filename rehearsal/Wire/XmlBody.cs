using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Deployer.Rehearsal.Wire;

/// <summary>The bytes of an XML answer. A character that XML cannot hold becomes a reference, as in the answers of AWS.</summary>
internal static class XmlBody
{
    private static readonly XmlWriterSettings Settings = new()
    {
        CheckCharacters = false,
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineHandling = NewLineHandling.Entitize,
    };

    internal static byte[] Write(XElement root, bool declaration)
    {
        using var stream = new MemoryStream();
        var settings = Settings.Clone();
        settings.OmitXmlDeclaration = !declaration;
        using (var writer = XmlWriter.Create(stream, settings))
        {
            root.Save(writer);
        }

        return stream.ToArray();
    }
}
