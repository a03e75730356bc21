namespace Deployer.Cli.Tests.Output;

/// <summary>What tests compare of the documents that programs read.</summary>
public sealed class ApprovedDocumentTests
{
    [Fact]
    public void What_is_generated_has_the_same_name_wherever_it_stands_and_members_keep_theirs() =>
        ApprovedDocument
            .Comparable(
                """
                {"id":"inventory-1fc6ed2d-6ad9-4f4a-b5ab-4d4ff4fd4d00/0","again":"1fc6ed2d-6ad9-4f4a-b5ab-4d4ff4fd4d00",
                 "other":"00c6ed2d-6ad9-4f4a-b5ab-4d4ff4fd4d00","at":"2040-01-01T00:25:06.147+00:00","number":7,"virtualSeconds":1.5,
                 "account":"111111111111","none":null,
                 "calls":[{"operation":"A","count":1},{"operation":"B","count":2}]}
                """
            )
            .ShouldBe(
                """
                {
                  "id": "inventory-(uuid 1)/0",
                  "again": "(uuid 1)",
                  "other": "(uuid 2)",
                  "at": "(time)+00:00",
                  "number": 7,
                  "virtualSeconds": "(number)",
                  "account": "111111111111",
                  "none": null,
                  "calls": [
                    {
                      "operation": "(String)",
                      "count": "(Number)"
                    }
                  ]
                }

                """
            );
}
