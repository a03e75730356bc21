using Deployer.Spec.Tests.Templates;

namespace Deployer.Spec.Tests.Rules;

/// <summary>The size of a transactor's first task definition, which a template makes.</summary>
public sealed class TransactorTemplateRulesTests
{
    private const string Needed =
        "Name: shop, Cluster: c, Vpc: vpc-1, SubnetA: subnet-1, SubnetB: subnet-2, "
        + "Repository: \"arn:aws:ecr:us-east-1:111111111111:repository/transactor\", "
        + "Image: \"t@sha256:1111111111111111111111111111111111111111111111111111111111111111\"";

    private static readonly string Template = Repository.Text("templates/transactor.yaml");

    [Theory]
    [InlineData("")]
    [InlineData("Cpu: 1024, Memory: 6144, Heap: 4g")]
    [InlineData("Memory: 8192, Heap: 6g")]
    public void A_size_in_which_a_transactor_starts_is_no_fault(string sizes)
    {
        OneTemplate.Faults(Template, $"{{ {Needed}, {sizes} }}").ShouldBeEmpty();
        OneTemplate.Notices(Template, $"{{ {Needed}, {sizes} }}").ShouldNotContain(notice => notice.Contains("heap"));
    }

    [Fact]
    public void The_numbers_of_the_post_are_refused_where_the_file_gives_them() =>
        OneTemplate
            .Faults(Template, $"{{ {Needed}, Memory: 3072, Heap: 3g }}")
            .ShouldHaveSingleItem()
            .ShouldMatch(
                @"^deployer\.yaml:5:[0-9]+: the heap of 3g is 100 % of the task's 3072 MiB, and the JVM needs memory beside it: the kernel "
                    + @"would end the task \(exit code 137\); expected at most 2304m, which leaves 25 % and at least 512m"
            );

    [Fact]
    public void One_subnet_for_both_services_is_refused() =>
        OneTemplate
            .Faults(Template, $"{{ {Needed.Replace("subnet-2", "subnet-1", StringComparison.Ordinal)} }}")
            .ShouldHaveSingleItem()
            .ShouldMatch(
                @"^deployer\.yaml:5:[0-9]+: both services of the transactor are in the subnet subnet-1, and the loss of its zone would end "
                    + "both; expected a subnet of another zone for each"
            );

    [Theory]
    [InlineData("Cpu: 1000", "the cpu is \"1000\"; expected 256, 512")]
    [InlineData("Cpu: 256, Memory: 6144", "Fargate has no tasks with a cpu of 256 and a memory of 6144 MiB")]
    [InlineData("Memory: 06144", "the memory is \"06144\"; expected a number of MiB such as 6144")]
    [InlineData(
        "Heap: 4g, MemoryIndexMax: 3g, ObjectCacheMax: 1g",
        "object-cache-max and memory-index-max are 4g together, 100 % of the heap"
    )]
    [InlineData("MemoryIndexThreshold: 600m, MemoryIndexMax: 512m", "memory-index-threshold is 600m, more than memory-index-max")]
    [InlineData("Memory: \"\"", "the memory is \"\"; expected a number of MiB such as 6144")]
    [InlineData("ObjectCacheMax: much", "object-cache-max is \"much\"; expected at least 32m, in bytes or with k, m or g")]
    [InlineData("ObjectCacheMax: 1m", "object-cache-max is \"1m\"; expected at least 32m, in bytes or with k, m or g")]
    [InlineData("MemoryIndexMax: \"\"", "memory-index-max is \"\"; expected at least 32m, in bytes or with k, m or g")]
    public void Other_sizes_in_which_none_starts_are_faults(string sizes, string fault) =>
        Judged($"{{ {Needed}, {sizes} }}").ShouldHaveSingleItem().ShouldContain(fault);

    /// <summary>Faults, and what is noticed of sizes: nothing is said twice, or once more by the template's defaults.</summary>
    private static IEnumerable<string> Judged(string parameters) =>
        OneTemplate
            .Faults(Template, parameters)
            .Concat(OneTemplate.Notices(Template, parameters).Where(notice => notice.Contains("expected", StringComparison.Ordinal)));

    [Fact]
    public void What_a_default_makes_wrong_is_a_notice_since_a_stack_that_exists_keeps_its_values()
    {
        OneTemplate.Faults(Template, $"{{ {Needed}, Memory: 3072 }}").ShouldBeEmpty();
        OneTemplate
            .Notices(Template, $"{{ {Needed}, Memory: 3072 }}")
            .ShouldContain(notice =>
                notice.Contains("the heap of 4g is 133 % of the task's 3072 MiB", StringComparison.Ordinal)
                && notice.Contains("only a stack that has others already can be updated", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void Another_task_definition_is_not_judged() =>
        OneTemplate
            .Faults(Template.Replace("DATOMIC_HEAP", "HEAP", StringComparison.Ordinal), $"{{ {Needed}, Memory: 3072, Heap: 3g }}")
            .ShouldBeEmpty();
}
