using Amazon.ServiceQuotas;
using Amazon.ServiceQuotas.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.ServiceQuotas;

/// <summary>The part of Service Quotas that says what an account may have.</summary>
public sealed class ServiceQuotasService : ModelService
{
    /// <summary>A service of this world.</summary>
    public ServiceQuotasService()
        : base(ServiceQuotasModel.Service)
    {
        // Both know no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_servicequotas.html
        On<GetServiceQuotaRequest, GetServiceQuotaResponse>("GetServiceQuota", GetServiceQuota, (_, _) => ["*"]);
        On<GetAWSDefaultServiceQuotaRequest, GetAWSDefaultServiceQuotaResponse>("GetAWSDefaultServiceQuota", GetDefault, (_, _) => ["*"]);
    }

    /// <summary>
    /// "If the applied quota value is not available for a quota, the quota is not retrieved":
    /// https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
    /// </summary>
    private static GetServiceQuotaResponse GetServiceQuota(Call call, GetServiceQuotaRequest request)
    {
        SimulatedMembers.Only(request, "ServiceCode", "QuotaCode");
        var known = Known(request.ServiceCode, request.QuotaCode);
        return new GetServiceQuotaResponse { Quota = Described(call, known, known.Applied ?? throw Missing()) };
    }

    private static GetAWSDefaultServiceQuotaResponse GetDefault(Call call, GetAWSDefaultServiceQuotaRequest request)
    {
        var known = Known(request.ServiceCode, request.QuotaCode);
        return new GetAWSDefaultServiceQuotaResponse { Quota = Described(call, known, known.Default) };
    }

    private static KnownQuota Known(string service, string code) =>
        KnownQuota.All.FirstOrDefault(known => known.Service == service && known.Code == code)
        ?? throw new ApiException(
            "NoSuchResourceException",
            $"The rehearsal knows no quota {code} of {service}; it has "
                + string.Join(", ", KnownQuota.All.Select(known => $"{known.Code} of {known.Service}"))
        );

    private static NoSuchResourceException Missing() => new("The request failed because the specified quota has no applied value.");

    private static ServiceQuota Described(Call call, KnownQuota known, double value) =>
        new()
        {
            ServiceCode = known.Service,
            ServiceName = known.ServiceName,
            QuotaArn = $"arn:aws:servicequotas:{call.Region}:{call.Account}:{known.Service}/{known.Code}",
            QuotaCode = known.Code,
            QuotaName = known.Name,
            Value = value,
            Unit = "None",
            Adjustable = true,
            GlobalQuota = false,
        };
}
