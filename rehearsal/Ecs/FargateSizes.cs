using System.Globalization;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Ecs;

/// <summary>The pairs of CPU and memory that a task on Fargate may have.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html</remarks>
internal static class FargateSizes
{
    /// <exception cref="ApiException">ClientException: one is missing, or the pair is none.</exception>
    internal static void Check(string? cpu, string? memory)
    {
        if (string.IsNullOrEmpty(cpu) || string.IsNullOrEmpty(memory))
        {
            throw new ApiException(
                "ClientException",
                $"Fargate requires that '{(string.IsNullOrEmpty(cpu) ? "cpu" : "memory")}' be defined at the task level."
            );
        }

        var (units, megabytes) = (Number(cpu, "vCPU"), Number(memory, "GB"));
        if (!Fits(units, megabytes))
        {
            throw new ApiException(
                "ClientException",
                $"No Fargate configuration exists for given values: {units} CPU, {megabytes} memory. See the Amazon ECS documentation "
                    + "for the valid values."
            );
        }
    }

    private static bool Fits(int units, int megabytes) =>
        units switch
        {
            256 => megabytes is 512 or 1024 or 2048,
            512 => Steps(megabytes, 1, 4, 1),
            1024 => Steps(megabytes, 2, 8, 1),
            2048 => Steps(megabytes, 4, 16, 1),
            4096 => Steps(megabytes, 8, 30, 1),
            8192 => Steps(megabytes, 16, 60, 4),
            16384 => Steps(megabytes, 32, 120, 8),
            32768 => megabytes is 61440 or 122880 or 249856,
            _ => false,
        };

    private static bool Steps(int megabytes, int least, int most, int step) =>
        megabytes % 1024 == 0 && megabytes / 1024 is var size && size >= least && size <= most && (size - least) % step == 0;

    /// <summary>A size as it is described: a number of units or of MiB, whatever it was given as.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html: what registering makes of it.
    /// </remarks>
    /// <exception cref="ApiException">ClientException: it is none.</exception>
    internal static string? Described(string? text, string unit) =>
        text is null ? null : Number(text, unit).ToString(CultureInfo.InvariantCulture);

    /// <summary>A number of units or MiB, or of vCPUs or gigabytes: 1024 times as many.</summary>
    private static int Number(string text, string unit)
    {
        var large = text.EndsWith(unit, StringComparison.OrdinalIgnoreCase);
        var digits = large ? text[..^unit.Length] : text;
        return
            decimal.TryParse(
                digits,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture,
                out var number
            )
            && number <= 1_000_000
            ? (int)(number * (large ? 1024 : 1))
            : throw new ApiException("ClientException", $"Invalid setting for the task's size: '{text}'");
    }
}
