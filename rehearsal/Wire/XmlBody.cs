using System.Buffers.Text;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Deployer.Rehearsal.Wire;

/// <summary>
/// The bytes of an XML answer. A character that XML cannot hold becomes a reference, as in the answers of S3, which not every client reads:
/// https://github.com/boto/botocore/issues/3496
/// </summary>
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

    /// <summary>Whether an XML answer has a reference to a character that XML cannot hold.</summary>
    internal static bool HasInvalidCharacter(ReadOnlySpan<byte> answer)
    {
        while (answer.IndexOf("&#x"u8) is >= 0 and var at)
        {
            answer = answer[(at + "&#x".Length)..];
            var isRead = Utf8Parser.TryParse(answer, out int character, out _, 'x');
            if (isRead && (character > char.MaxValue || !XmlConvert.IsXmlChar((char)character)))
            {
                return true;
            }
        }

        return false;
    }
}
