using System.Globalization;
using Deployer.Spec.Expressions;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>
/// A transactor's caches fit into its heap, its heap into the task with room for the rest of the JVM, and the task is one of Fargate's.
/// </summary>
internal static class TransactorMemoryRules
{
    // Of the heap, for both caches together: with more a transactor refuses to start (:db.error/not-enough-memory). The settings:
    // https://docs.datomic.com/operation/capacity.html
    private const int CachePercent = 75;

    // Of the task's memory, for the heap. Metaspace, threads, code and direct buffers lie outside of the heap, and a container that has
    // more than its limit is ended by the kernel with exit code 137 (https://repost.aws/knowledge-center/ecs-resolve-outofmemory-errors).
    private const int HeapPercent = 75;
    private const long LeastRoom = 512 * ByteSize.Mebi;
    private const long LeastHeap = 256 * ByteSize.Mebi;
    private const string DirectMemory = "-XX:MaxDirectMemorySize=";

    public static void Check(TransactorInTarget transactor)
    {
        var (cpu, memory) = CheckSize(transactor);
        var heap = HeapOf(transactor);
        if (heap is { } held && memory is { } given && held > LargestHeap(given))
        {
            ReportHeap(transactor, held, given, cpu);
        }
        CheckDirectMemory(transactor, heap, memory);
        CheckCaches(transactor, heap, memory is { } all && LargestHeap(all) >= LeastHeap ? LargestHeap(all) : null);
    }

    /// <summary>Direct buffers lie beside the heap: https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html.</summary>
    private static void CheckDirectMemory(TransactorInTarget transactor, long? heap, long? memory)
    {
        foreach (var option in transactor.Step.JavaOptions)
        {
            if (
                heap is { } held
                && memory is { } given
                && held < given
                && transactor.Value(option) is { } text
                && text.StartsWith(DirectMemory, StringComparison.Ordinal)
                && ByteSize.Find(text[DirectMemory.Length..]) is { } direct
                && held + direct > given
            )
            {
                transactor.Report(
                    option,
                    $"direct buffers of {ByteSize.Text(direct)} and the heap of {ByteSize.Text(held)} are more than the task's "
                        + $"{given / ByteSize.Mebi} MiB: the kernel would end the task (exit code 137)",
                    $"{DirectMemory}{ByteSize.Text(given - held)} at most, or a larger task"
                );
            }
        }
    }

    private static (int? Cpu, long? Memory) CheckSize(TransactorInTarget transactor)
    {
        var size = transactor.Step.Size;
        var (cpu, memory) = (Number(transactor, size.Cpu), Number(transactor, size.Memory));
        if (transactor.Value(size.Cpu) is { } text && (cpu is null || !FargateSize.IsCpu(cpu.Value)))
        {
            transactor.Report(size.Cpu, $"the cpu is \"{text}\"", FargateSize.CpuExpectation);
            cpu = null;
        }
        if (transactor.Value(size.Memory) is { } written && memory is null)
        {
            transactor.Report(size.Memory, $"the memory is \"{written}\"", "a number of MiB such as 6144");
        }
        if (cpu is { } units && memory is { } megabytes && !FargateSize.Fits(units, megabytes))
        {
            transactor.Report(
                size.Memory,
                $"Fargate has no tasks with a cpu of {units} and a memory of {megabytes} MiB",
                FargateSize.MemoryExpectation(units)
            );
            memory = null;
        }
        return (cpu, memory * ByteSize.Mebi);
    }

    private static long? HeapOf(TransactorInTarget transactor)
    {
        var expression = transactor.Step.Size.Heap;
        if (transactor.Value(expression) is not { } text)
        {
            return null;
        }
        var heap = ByteSize.Find(text);
        if (heap is null or < LeastHeap || heap % ByteSize.Mebi != 0)
        {
            transactor.Report(expression, $"the heap is \"{text}\"", $"a size of at least {ByteSize.Text(LeastHeap)}, such as 4g");
            return null;
        }
        return heap;
    }

    private static void ReportHeap(TransactorInTarget transactor, long heap, long memory, int? cpu)
    {
        var needed = Math.Max((heap * 100 + HeapPercent - 1) / HeapPercent, heap + LeastRoom);
        var larger = FargateSize.Smallest(cpu ?? 0, (needed + ByteSize.Mebi - 1) / ByteSize.Mebi) is { } size
            ? $", or a memory of {size.Memory} with a cpu of {size.Cpu}"
            : string.Empty;
        var largest = LargestHeap(memory);
        transactor.Report(
            transactor.Step.Size.Heap,
            $"the heap of {ByteSize.Text(heap)} is {Percent(heap, memory)} of the task's {memory / ByteSize.Mebi} MiB, and the JVM needs "
                + "memory beside it: the kernel would end the task (exit code 137)",
            (
                largest < LeastHeap
                    ? $"a larger task: beside the {ByteSize.Text(LeastRoom)} that the JVM needs, this one has no room for the smallest "
                        + $"heap of {ByteSize.Text(LeastHeap)}"
                    : $"at most {ByteSize.Text(largest)}, which leaves {100 - HeapPercent} % and at least {ByteSize.Text(LeastRoom)}"
            ) + larger
        );
    }

    /// <summary>Of a heap that the task has no room for, what is expected is reckoned from the largest one that it has.</summary>
    private static void CheckCaches(TransactorInTarget transactor, long? written, long? largest)
    {
        var heap = written > largest ? largest : written;
        var threshold = Property(transactor, TransactorProperties.IndexThreshold);
        var index = Property(transactor, TransactorProperties.IndexMax);
        var cache = Property(transactor, TransactorProperties.ObjectCache);
        if (threshold is { } least && index is { } most && least.Bytes > most.Bytes)
        {
            transactor.Report(
                least.Written,
                $"{TransactorProperties.IndexThreshold} is {ByteSize.Text(least.Bytes)}, more than {TransactorProperties.IndexMax}",
                $"at most {ByteSize.Text(most.Bytes)}"
            );
        }
        if (
            heap is { } held
            && index is { } indexed
            && cache is { } cached
            && indexed.Bytes + cached.Bytes is var both
            && both * 100 > held * CachePercent
            && RoundedUp((both * 100 + CachePercent - 1) / CachePercent) is var needed
        )
        {
            transactor.Report(
                cached.Written,
                $"{TransactorProperties.ObjectCache} and {TransactorProperties.IndexMax} are {ByteSize.Text(both)} together, "
                    + $"{Percent(both, held)} of {(held < written ? "the largest heap of the task," : "the heap of")} "
                    + $"{ByteSize.Text(held)}, with which a transactor does not start (:db.error/not-enough-memory)",
                $"at most {ByteSize.Text(held * CachePercent / 100)} together, which is {CachePercent} %, or "
                    + (needed > largest ? "a larger task with a heap of at least " : "a heap of at least ")
                    + ByteSize.Text(needed)
            );
        }
    }

    /// <summary>A part that is a little more than the limit is not the limit.</summary>
    private static string Percent(long part, long whole)
    {
        var percent = part * 100 / whole;
        return percent <= HeapPercent && percent * whole < part * 100 ? $"more than {percent} %" : $"{percent} %";
    }

    private static long LargestHeap(long memory) =>
        Math.Min(memory * HeapPercent / 100, memory - LeastRoom) / ByteSize.Mebi * ByteSize.Mebi;

    private static long RoundedUp(long bytes) => (bytes + ByteSize.Mebi - 1) / ByteSize.Mebi * ByteSize.Mebi;

    private static (Expression Written, long Bytes)? Property(TransactorInTarget transactor, string name) =>
        transactor.Step.Properties.TryGetValue(name, out var written)
        && transactor.Value(written) is { } text
        && ByteSize.Find(text) is { } bytes
            ? (written, bytes)
            : null;

    private static int? Number(TransactorInTarget transactor, Expression expression) =>
        // ECS answers the number without leading zeros, which would be another text each time it is compared.
        transactor.Value(expression)
            is [not '0', ..] text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
