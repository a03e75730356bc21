using System.Net;
using Amazon.Runtime;
using Deployer.Protocols;

namespace Deployer.Sdk.Tests.Protocols.Wire;

public sealed class ErrorRoundTripTests
{
    public static TheoryData<string> ServiceNames => [.. Services.All.Where(s => s.Errors.Count > 0).Select(s => s.Name)];

    [Theory, MemberData(nameof(ServiceNames))]
    public void Every_declared_error_is_read_as_it_was_written(string serviceName)
    {
        var service = Services.Named(serviceName);
        foreach (var error in service.Errors)
        {
            var thrown = Create(error);
            var members = (Shape)error.Shape;
            foreach (var member in error.Shape.Members)
            {
                member.Set(thrown, new Values(seed: 1).Create(member.Shape, inHead: true));
            }

            var answer = service.WriteError(thrown, "request-1");
            var read = service.ReadError(answer);
            var caught = Create(error);
            read.ReadMembers(error.Shape, caught);

            answer.Status.ShouldBe(error.Status, error.Code);
            (read.Code, read.Message, read.RequestId).ShouldBe((error.Code, "what happened", "request-1"));
            Values.Show(members, caught).ShouldBe(Values.Show(members, thrown), error.Code);
        }
    }

    private static AmazonServiceException Create(ErrorModel error) =>
        error.Create("what happened", innerException: null, ErrorType.Unknown, errorCode: null, requestId: null, default(HttpStatusCode));
}
