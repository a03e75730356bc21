namespace Deployer.Rehearsal.DynamoDB;

/// <summary>The order of strings (by their UTF-8 bytes), numbers and binary values.</summary>
internal static class ValueOrder
{
    /// <summary>Whether values of this type have an order.</summary>
    public static bool Knows(string type) => type is "S" or "N" or "B";

    /// <summary>Null when the two have no order between them.</summary>
    public static int? Compare(AttributeValue left, AttributeValue right) =>
        (left, right) switch
        {
            (NumberValue one, NumberValue other) => one.Number.CompareTo(other.Number),
            (StringValue one, StringValue other) => Bytes(one.Text).SequenceCompareTo(Bytes(other.Text)),
            (BinaryValue one, BinaryValue other) => one.Bytes.AsSpan().SequenceCompareTo(other.Bytes),
            _ => null,
        };

    private static ReadOnlySpan<byte> Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
