using Amazon.ServiceQuotas;
using Amazon.ServiceQuotas.Model;
using Deployer.Rehearsal.ServiceQuotas;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.ServiceQuotas;

public sealed class ServiceQuotasServiceTests
{
    [Fact]
    public async Task A_quota_that_was_raised_is_given_and_one_that_was_not_has_only_its_default()
    {
        await using var aws = await TestAws.Start(_ => new ServiceQuotasService());
        using var quotas = new AmazonServiceQuotasClient(TestAws.Root(TestAws.Tools), aws.Configure(new AmazonServiceQuotasConfig()));

        (await Applied("ec2", "L-1216C47A")).ShouldBe(256);
        (await Default("ec2", "L-1216C47A")).ShouldBe(5);
        (await Default("codebuild", "L-9D07B6EF")).ShouldBe(1);
        await Should.ThrowAsync<NoSuchResourceException>(() => Applied("codebuild", "L-9D07B6EF"));
        (await Should.ThrowAsync<AmazonServiceQuotasException>(() => Default("lambda", "L-1"))).Message.ShouldBe(
            "The rehearsal knows no quota L-1 of lambda; it has L-9D07B6EF of codebuild, L-1216C47A of ec2"
        );

        async Task<double?> Applied(string service, string code) =>
            (await quotas.GetServiceQuotaAsync(new GetServiceQuotaRequest { ServiceCode = service, QuotaCode = code })).Quota.Value;

        async Task<double?> Default(string service, string code) =>
            (await quotas.GetAWSDefaultServiceQuotaAsync(new GetAWSDefaultServiceQuotaRequest { ServiceCode = service, QuotaCode = code }))
                .Quota
                .Value;
    }
}
