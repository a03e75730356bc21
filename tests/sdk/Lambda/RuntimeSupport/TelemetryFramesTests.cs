using System.Buffers.Binary;
using System.Text;
using Amazon.Lambda.RuntimeSupport;

namespace Deployer.Sdk.Tests.Lambda.RuntimeSupport;

/// <summary>The frames of Lambda's telemetry descriptor.</summary>
public sealed class TelemetryFramesTests
{
    private readonly MemoryStream _stream = new();

    [Fact]
    public void A_frame_has_its_type_the_length_the_time_and_the_text()
    {
        var time = new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

        new TelemetryFrames(_stream).Write("größer\n", time);

        var bytes = _stream.ToArray();
        BinaryPrimitives.ReadUInt32BigEndian(bytes).ShouldBe(0xa55a0003);
        BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4)).ShouldBe(9);
        BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(8)).ShouldBe(time.ToUnixTimeMilliseconds() * 1000);
        Encoding.UTF8.GetString(bytes.AsSpan(16)).ShouldBe("größer\n");
    }

    [Fact]
    public void A_stack_trace_is_one_record()
    {
        var log = LogOutput.ToFrames(_stream, new DictionaryEnvironmentVariables(new Dictionary<string, string>()));

        new LambdaContextLogger(log, "1", traceId: null).LogException(new InvalidOperationException("first\nsecond"));

        Frames().ShouldHaveSingleItem().ShouldContain("first\nsecond");
    }

    [Fact]
    public void A_text_above_the_limit_is_cut_between_characters()
    {
        var text = string.Concat(Enumerable.Repeat("€", 100_000));

        new TelemetryFrames(_stream).Write(text, DateTimeOffset.UnixEpoch);

        var frames = Frames();
        frames.Count.ShouldBe(2);
        string.Concat(frames).ShouldBe(text);
    }

    private List<string> Frames() => Frames(_stream.ToArray());

    /// <summary>The texts of frames.</summary>
    internal static List<string> Frames(byte[] bytes)
    {
        List<string> frames = [];
        for (var at = 0; at < bytes.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 4));
            frames.Add(Encoding.UTF8.GetString(bytes.AsSpan(at + 16, length)));
            at += 16 + length;
        }

        return frames;
    }
}
