using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>A block of addresses. EC2 takes one with bits set behind its length, and clears them.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html ("100.68.0.18/18 … 100.68.0.0/18")</remarks>
/// <param name="First">The first address, as a number.</param>
/// <param name="Length">The bits that all addresses of it share.</param>
/// <param name="IsVersion6">Whether its addresses are of IPv6.</param>
internal sealed record IpBlock(UInt128 First, int Length, bool IsVersion6)
{
    private int Bits => IsVersion6 ? 128 : 32;

    private UInt128 Last => First + ((UInt128.One << (Bits - Length)) - 1);

    /// <summary>Reads a block; <see langword="null"/> for what is none.</summary>
    public static IpBlock? Read(string text)
    {
        if (
            text.Split('/') is not [var address, var length]
            || !IPAddress.TryParse(address, out var parsed)
            || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            // IPAddress takes 10.1 for 10.0.0.1.
            || (parsed.AddressFamily == AddressFamily.InterNetwork && address.Split('.').Length != 4)
        )
        {
            return null;
        }

        var isVersion6 = parsed.AddressFamily == AddressFamily.InterNetworkV6;
        var all = isVersion6 ? 128 : 32;
        if (bits > all)
        {
            return null;
        }

        var number = UInt128.Zero;
        foreach (var part in parsed.GetAddressBytes())
        {
            number = (number << 8) | part;
        }

        var kept = bits == 0 ? UInt128.Zero : number >> (all - bits) << (all - bits);
        return new IpBlock(kept, bits, isVersion6);
    }

    /// <summary>Whether all addresses of another block are in this one.</summary>
    public bool Holds(IpBlock other) => IsVersion6 == other.IsVersion6 && First <= other.First && other.Last <= Last;

    /// <summary>Whether the two have an address in common.</summary>
    public bool Overlaps(IpBlock other) => IsVersion6 == other.IsVersion6 && First <= other.Last && other.First <= Last;
}
