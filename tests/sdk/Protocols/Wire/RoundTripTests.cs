using Deployer.Protocols;

namespace Deployer.Sdk.Tests.Protocols.Wire;

public sealed class RoundTripTests
{
    public static TheoryData<string, string> Operations => Services.Operations();

    [Theory, MemberData(nameof(Operations))]
    public void What_a_client_writes_the_service_reads(string serviceName, string operationName)
    {
        var service = Services.Named(serviceName);
        var operation = service.FindOperation(operationName)!;
        for (var seed = 0; seed < 5; seed++)
        {
            var request = new Values(seed).Create((Shape)operation.Request);

            var written = service.WriteRequest(operation, request);
            var (readOperation, read) = service.ReadRequest(
                written.Method,
                written.Path,
                written.QueryString,
                written.Headers,
                written.Body
            );

            readOperation.ShouldBe(operation);
            Values.Show((Shape)operation.Request, read).ShouldBe(Values.Show((Shape)operation.Request, request), $"seed {seed}");
        }
    }

    [Theory, MemberData(nameof(Operations))]
    public void What_the_service_answers_a_client_reads(string serviceName, string operationName)
    {
        var service = Services.Named(serviceName);
        var operation = service.FindOperation(operationName)!;
        for (var seed = 0; seed < 5; seed++)
        {
            var response = new Values(seed).Create((Shape)operation.Response);

            var answer = service.WriteResponse(operation, response, "request-1");
            var read = operation.Response.Create();
            var requestId = service.ReadResponse(operation, answer, read);

            requestId.ShouldBe("request-1");
            Values.Show((Shape)operation.Response, read).ShouldBe(Values.Show((Shape)operation.Response, response), $"seed {seed}");
        }
    }
}
