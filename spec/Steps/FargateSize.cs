namespace Deployer.Spec.Steps;

/// <summary>The pairs of CPU and memory that a task on Fargate may have.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html</remarks>
public static class FargateSize
{
    private static readonly (int Cpu, int Least, int Most, int Step)[] Rows =
    [
        (256, 512, 2048, 512),
        (512, 1024, 4096, 1024),
        (1024, 2048, 8192, 1024),
        (2048, 4096, 16384, 1024),
        (4096, 8192, 30720, 1024),
        (8192, 16384, 61440, 4096),
        (16384, 32768, 122880, 8192),
    ];

    /// <summary>The units of CPU that there are, in words.</summary>
    internal const string CpuExpectation = "256, 512, 1024, 2048, 4096, 8192 or 16384";

    /// <summary>Whether there are tasks of this many units of CPU (1024 are one vCPU).</summary>
    internal static bool IsCpu(int cpu) => Array.Exists(Rows, row => row.Cpu == cpu);

    /// <summary>Whether a task may have this much CPU and memory (MiB).</summary>
    public static bool Fits(int cpu, int memory) => Array.Exists(Rows, row => row.Cpu == cpu && Holds(row, memory));

    /// <summary>What a task may have beside this much CPU, in words.</summary>
    public static string Expectation(int cpu) => IsCpu(cpu) ? MemoryExpectation(cpu) : $"a cpu of {CpuExpectation}";

    /// <summary>The memory that a task with this much CPU may have, in words.</summary>
    internal static string MemoryExpectation(int cpu)
    {
        var row = Array.Find(Rows, candidate => candidate.Cpu == cpu);
        return cpu == Rows[0].Cpu
            ? "a memory of 512, 1024 or 2048 MiB with a cpu of 256"
            : $"a memory of {row.Least} to {row.Most} MiB in steps of {row.Step} with a cpu of {cpu}";
    }

    /// <summary>
    /// The smallest size with at least this much memory (MiB): with this CPU where it can have it, else with the next; <see
    /// langword="null"/> where no task has so much.
    /// </summary>
    internal static (int Cpu, int Memory)? Smallest(int cpu, long memory)
    {
        foreach (var row in Rows)
        {
            for (var size = row.Least; row.Cpu >= cpu && size <= row.Most; size += row.Step)
            {
                if (size >= memory && Holds(row, size))
                {
                    return (row.Cpu, size);
                }
            }
        }
        return null;
    }

    // 256 units of CPU go with 0.5, 1 or 2 GB, and not with 1.5.
    private static bool Holds((int Cpu, int Least, int Most, int Step) row, int memory) =>
        memory >= row.Least && memory <= row.Most && (memory - row.Least) % row.Step == 0 && !(row.Cpu == Rows[0].Cpu && memory == 1536);
}
