namespace Deployer.Spec.Steps;

/// <summary>The pairs of CPU and memory that a task on Fargate may have.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html</remarks>
public static class FargateSize
{
    private static readonly (int Cpu, int[] Memory)[] Rows =
    [
        (256, [512, 1024, 2048]),
        (512, Steps(1024, 4096, 1024)),
        (1024, Steps(2048, 8192, 1024)),
        (2048, Steps(4096, 16384, 1024)),
        (4096, Steps(8192, 30720, 1024)),
        (8192, Steps(16384, 61440, 4096)),
        (16384, Steps(32768, 122880, 8192)),
        (32768, [61440, 122880, 249856]),
    ];

    /// <summary>The units of CPU that there are, in words.</summary>
    internal const string CpuExpectation = "256, 512, 1024, 2048, 4096, 8192, 16384 or 32768";

    /// <summary>Whether there are tasks of this many units of CPU (1024 are one vCPU).</summary>
    internal static bool IsCpu(int cpu) => Array.Exists(Rows, row => row.Cpu == cpu);

    /// <summary>Whether a task may have this much CPU and memory (MiB).</summary>
    public static bool Fits(int cpu, int memory) => Array.Exists(Rows, row => row.Cpu == cpu && row.Memory.Contains(memory));

    /// <summary>What a task may have beside this much CPU, in words.</summary>
    public static string Expectation(int cpu) => IsCpu(cpu) ? MemoryExpectation(cpu) : $"a cpu of {CpuExpectation}";

    /// <summary>The memory that a task with this much CPU may have, in words.</summary>
    internal static string MemoryExpectation(int cpu)
    {
        var memory = Array.Find(Rows, candidate => candidate.Cpu == cpu).Memory;
        return memory is [var least, var middle, var most]
            ? $"a memory of {least}, {middle} or {most} MiB with a cpu of {cpu}"
            : $"a memory of {memory[0]} to {memory[^1]} MiB in steps of {memory[1] - memory[0]} with a cpu of {cpu}";
    }

    /// <summary>
    /// The smallest size with at least this much memory (MiB): with this CPU where it can have it, else with the next; <see
    /// langword="null"/> where no task has so much.
    /// </summary>
    internal static (int Cpu, int Memory)? Smallest(int cpu, long memory)
    {
        foreach (var (units, sizes) in Rows)
        {
            foreach (var size in sizes)
            {
                if (units >= cpu && size >= memory)
                {
                    return (units, size);
                }
            }
        }
        return null;
    }

    private static int[] Steps(int least, int most, int step) =>
        [.. Enumerable.Range(0, ((most - least) / step) + 1).Select(number => least + (number * step))];
}
