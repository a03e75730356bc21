using System.Buffers.Binary;
using System.Text;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Lambda's telemetry descriptor: each record is a frame of its type (0xa55a0003), the length of the text in bytes, the time in
/// microseconds since 1970 and the text in UTF-8; numbers are big-endian.
/// </summary>
/// <remarks>
/// https://github.com/aws/aws-lambda-dotnet/blob/8314921/Libraries/src/Amazon.Lambda.RuntimeSupport/Helpers/FileDescriptorLogStream.cs
/// </remarks>
internal sealed class TelemetryFrames(Stream stream)
{
    private const uint FrameType = 0xa55a0003;
    private const int HeaderLength = 16;

    // Lambda's largest record: 256 KiB less 26 bytes of CloudWatch Logs' own.
    private const int LargestText = (256 * 1024) - 26;

    private readonly Lock _lock = new();

    /// <summary>Writes a record; a text above the limit goes in several.</summary>
    public void Write(string text, DateTimeOffset time)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        lock (_lock)
        {
            var start = 0;
            while (start < bytes.Length)
            {
                var length = Math.Min(LargestText, bytes.Length - start);
                while (start + length < bytes.Length && (bytes[start + length] & 0xC0) == 0x80)
                {
                    // Not in the middle of a character.
                    length--;
                }

                WriteFrame(bytes.AsSpan(start, length), time);
                start += length;
            }
        }
    }

    private void WriteFrame(ReadOnlySpan<byte> text, DateTimeOffset time)
    {
        var frame = new byte[HeaderLength + text.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, FrameType);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), text.Length);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(8), (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        text.CopyTo(frame.AsSpan(HeaderLength));
        stream.Write(frame);
        stream.Flush();
    }
}
