using System.Globalization;

namespace Deployer.Rehearsal.Ec2;

/// <summary>How large instances are, by their type.</summary>
internal static class InstanceSizes
{
    /// <summary>
    /// The vCPUs of a type: two up to large, four of xlarge, and so many times four as stand before xlarge; one of the smallest of T2 and
    /// of medium sizes outside of T. https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html#gp_hardware
    /// </summary>
    /// <param name="type">Such as <c>m5.2xlarge</c>.</param>
    public static int Cpus(string type)
    {
        var (family, size) = type.Split('.', 2) is [var before, var after] ? (before, after) : (type, string.Empty);
        return size switch
        {
            "nano" or "micro" or "small" when family == "t2" => 1,
            "medium" when family[0] != 't' => 1,
            "xlarge" => 4,
            _ when size.EndsWith("xlarge", StringComparison.Ordinal) => 4
                * int.Parse(size[..^"xlarge".Length], NumberStyles.None, CultureInfo.InvariantCulture),
            _ => 2,
        };
    }
}
