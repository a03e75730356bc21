using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary><c>Fn::Cidr: [ipBlock, count, cidrBits]</c> for IPv4 blocks.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html</summary>
internal static class CidrBlocks
{
    public static JsonArray Split(JsonNode? argument)
    {
        if (argument is JsonArray { Count: 2 or 3 } && KnownAfterApply.In(argument))
        {
            return [KnownAfterApply.Text];
        }

        if (argument is not JsonArray { Count: 2 or 3 } list || !int.TryParse(list[1].Text(), out var count) || count is < 1 or > 256)
        {
            throw Functions.Wrong(
                "every Fn::Cidr object requires two or three parameters, (1) an IP address block, (2) a count from 1 to 256 and (3) "
                    + "the number of subnet bits"
            );
        }

        var bits = list.Count == 3 && int.TryParse(list[2].Text(), out var given) ? given : 8;
        if (
            !IPNetwork.TryParse(list[0].Text() ?? "", out var block)
            || block.BaseAddress.AddressFamily != AddressFamily.InterNetwork
            || bits is < 1 or > 32
        )
        {
            throw Functions.Wrong($"Fn::Cidr needs an IPv4 block and 1 to 32 subnet bits, not {list[0].Text()} and {bits}");
        }

        var prefix = 32 - bits;
        if (prefix < block.PrefixLength || (prefix - block.PrefixLength < 9 && count > 1 << (prefix - block.PrefixLength)))
        {
            throw Functions.Wrong($"Fn::Cidr: {block} does not hold {count} blocks of {bits} subnet bits");
        }

        var first = BinaryPrimitives.ReadUInt32BigEndian(block.BaseAddress.GetAddressBytes());
        return [.. Enumerable.Range(0, count).Select(i => (JsonNode)$"{Address(first + ((uint)i << bits))}/{prefix}")];
    }

    private static IPAddress Address(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }
}
